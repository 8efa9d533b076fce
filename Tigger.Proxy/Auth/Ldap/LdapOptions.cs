namespace Tigger.Auth.Ldap;

/// <summary>
/// How to ask an LDAP server about a password (PostgreSQL: "LDAP Authentication"). Either the user's entry is
/// <see cref="Prefix"/> + name + <see cref="Suffix"/>, or it is searched below <see cref="BaseDn"/>.
/// </summary>
public sealed record LdapOptions
{
    /// <summary>Hosts in the order they are tried, separated by blanks.</summary>
    public string Server { get; init; } = "";

    /// <summary>0: the scheme's own, 389 or 636.</summary>
    public int Port { get; init; }

    /// <summary><c>ldaps</c>: TLS from the first byte.</summary>
    public bool IsLdaps { get; init; }

    /// <summary>StartTLS on a connection that begins in clear.</summary>
    public bool StartTls { get; init; }

    public string? Prefix { get; init; }

    public string? Suffix { get; init; }

    /// <summary>Where the search begins; null: there is none.</summary>
    public string? BaseDn { get; init; }

    /// <summary>Who searches; null: anonymous.</summary>
    public string? BindDn { get; init; }

    public string? BindPassword { get; init; }

    /// <summary>The attribute that holds the user's name; null: uid.</summary>
    public string? SearchAttribute { get; init; }

    /// <summary>A filter in which <c>$username</c> stands for the name, in place of the attribute.</summary>
    public string? SearchFilter { get; init; }

    public LdapScope Scope { get; init; } = LdapScope.Subtree;

    /// <summary>Where only: no password reaches a log.</summary>
    public override string ToString() => $"ldap options for {Server}";
}
