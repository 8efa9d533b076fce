namespace Tigger.Config;

/// <summary>How clients prove who they are (<c>auth_type</c>).</summary>
public enum AuthType
{
    /// <summary>Anyone, under any name; every database must name its server user.</summary>
    Any,

    /// <summary>No proof, but the user must be known.</summary>
    Trust,

    /// <summary>Password in clear text.</summary>
    Plain,

    /// <summary>MD5 challenge, or SCRAM for users whose secret is a SCRAM secret.</summary>
    Md5,

    /// <summary>TLS client certificate whose common name is the user name.</summary>
    Cert,

    /// <summary>Decided per connection by <c>auth_hba_file</c>.</summary>
    Hba,

    /// <summary>Password checked by an LDAP server.</summary>
    Ldap,

    /// <summary>Password checked by PAM.</summary>
    Pam,

    /// <summary>SCRAM-SHA-256 only.</summary>
    ScramSha256,
}
