using System.Globalization;
using System.Net;
using Tigger.Config;
using Tigger.Sessions;

namespace Tigger.Admin.Show;

/// <summary>How PgBouncer spells values in its tables.</summary>
internal static class Words
{
    public static string Word(this PoolMode mode) => mode.ToString().ToLowerInvariant();

    public static string Word(ReplicationMode mode) => mode.ToString().ToLowerInvariant();

    /// <summary>How one of several hosts is chosen; null where there is nothing to choose.</summary>
    public static string? LoadBalancing(DatabaseConfig database) => (database.Host.Count > 1, database.LoadBalanceHosts) switch
    {
        (false, _) => null,
        (true, LoadBalanceHosts.Disable) => "disable",
        _ => "round-robin",
    };

    public static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>An address; without one the connection is a Unix socket's.</summary>
    public static string Address(IPEndPoint? endPoint) => endPoint switch
    {
        null => "unix",
        { Address.IsIPv4MappedToIPv6: true } => endPoint.Address.MapToIPv4().ToString(),
        _ => endPoint.Address.ToString(),
    };
}
