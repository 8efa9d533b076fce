using System.Net;
using Microsoft.Extensions.Logging;
using Tigger.Net;

namespace Tigger.Pooling;

/// <summary>The names of PostgreSQL's hosts, and what happens when one gets other addresses.</summary>
public sealed partial class PoolRegistry
{
    private long _namesCheckedAt;

    /// <summary>What is known of host names.</summary>
    public DnsCache Names => Connector.Hosts.Names;

    /// <summary>
    /// <c>dns_zone_check_period</c>: PgBouncer asks for the zone's serial and looks names up again when it has changed; here they
    /// are looked up again at once, so that a change is noticed without a new connection.
    /// </summary>
    internal void CheckNames(long now)
    {
        if (_config.DnsZoneCheckPeriod > TimeSpan.Zero && Clock.GetElapsedTime(_namesCheckedAt, now) >= _config.DnsZoneCheckPeriod)
        {
            _namesCheckedAt = now;
            _ = Names.RefreshAsync();
        }
    }

    private void OnAddressesGone(string name, IReadOnlyCollection<IPAddress> gone)
    {
        LogGone(Logger, name, string.Join(", ", gone));
        foreach (ServerPool pool in _pools.Values)
        {
            pool.Rotation.Forget(address => address is IPEndPoint known && gone.Contains(known.Address));
            pool.CloseWhenReleased("host name changed", server =>
                string.Equals(server.Identity.Host, name, StringComparison.OrdinalIgnoreCase)
                && server.Identity.Remote is { } remote && gone.Contains(remote.Address));
        }
    }

    [LoggerMessage(4021, LogLevel.Information, "{Name} has other addresses now, servers there close when released: {Gone}")]
    private static partial void LogGone(ILogger logger, string name, string gone);
}
