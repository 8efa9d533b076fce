namespace Tigger.Config;

/// <summary>How TLS with PostgreSQL begins (<c>server_tls_sslnegotiation</c>, as libpq's <c>sslnegotiation</c>).</summary>
public enum TlsNegotiation
{
    /// <summary>PostgreSQL is asked first; any version answers.</summary>
    Postgres,

    /// <summary>At once, which saves a round trip; PostgreSQL 17 and later.</summary>
    Direct,
}
