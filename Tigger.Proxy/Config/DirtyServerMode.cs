namespace Tigger.Config;

/// <summary>
/// What happens to a server whose session a client of transaction or statement pooling has changed (<c>dirty_server</c>).
/// </summary>
public enum DirtyServerMode
{
    /// <summary>It is lent on as it is, as PgBouncer does; counted, and logged once per pool.</summary>
    Warn,

    /// <summary>The same, and nobody looks.</summary>
    Ignore,

    /// <summary>It is cleaned by <c>server_reset_query</c> before it is lent on.</summary>
    Reset,

    /// <summary>It stays with its client until the client has cleaned it or leaves.</summary>
    Pin,
}
