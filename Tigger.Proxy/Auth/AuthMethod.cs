namespace Tigger.Auth;

/// <summary>How one client has to prove who it is: <c>auth_type</c>, or what the matching line of <c>auth_hba_file</c> says.</summary>
public enum AuthMethod
{
    /// <summary>No proof, under any name.</summary>
    Any,

    /// <summary>No proof, but the user must be known.</summary>
    Trust,

    /// <summary>Refused.</summary>
    Reject,

    /// <summary>Password in clear text.</summary>
    Plain,

    /// <summary>MD5 challenge, or SCRAM for users whose secret is a SCRAM secret.</summary>
    Md5,

    /// <summary>SCRAM-SHA-256 only.</summary>
    ScramSha256,

    /// <summary>The user of the operating system at the other end of a unix socket.</summary>
    Peer,

    /// <summary>TLS client certificate.</summary>
    Cert,

    /// <summary>Password checked by PAM.</summary>
    Pam,

    /// <summary>Password checked by an LDAP server.</summary>
    Ldap,
}
