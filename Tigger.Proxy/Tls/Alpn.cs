using System.Net.Security;

namespace Tigger.Tls;

/// <summary>The name under which TLS knows PostgreSQL's protocol (PostgreSQL: "Direct SSL").</summary>
internal static class Alpn
{
    public static SslApplicationProtocol PostgreSql { get; } = new("postgresql");

    public static List<SslApplicationProtocol> Offer { get; } = [PostgreSql];
}
