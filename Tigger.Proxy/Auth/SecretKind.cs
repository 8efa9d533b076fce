namespace Tigger.Auth;

/// <summary>In which form a user's secret is stored.</summary>
public enum SecretKind
{
    /// <summary>Nothing is stored; no password lets this user in.</summary>
    None,

    /// <summary>The password itself.</summary>
    Plain,

    /// <summary>PostgreSQL's md5 hash.</summary>
    Md5,

    /// <summary>PostgreSQL's SCRAM-SHA-256 secret.</summary>
    Scram,
}
