using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Net;

namespace Tigger.Pooling;

/// <summary>Which of a database's hosts a new server connection goes to.</summary>
public sealed partial class ServerConnector
{
    /// <summary>Finds the addresses of hosts.</summary>
    internal HostResolver Hosts { get; init; } = new(new DnsCache(TimeProvider.System));

    /// <summary>
    /// A server of the first host in turn that has one. Hosts that failed a moment ago are tried only when no other is left.
    /// </summary>
    private async Task<ServerConnection> ConnectNowAsync(ServerPool pool, SessionStartup? startup)
    {
        TargetSessionAttrs wanted = pool.Settings.Database.TargetSessionAttrs;
        if (wanted != TargetSessionAttrs.PreferStandby)
        {
            return await ConnectAsync(pool, wanted, startup);
        }

        try
        {
            return await ConnectAsync(pool, TargetSessionAttrs.Standby, startup);
        }
        catch (ServerLoginException fault) when (fault.IsOfThisHost)
        {
            return await ConnectAsync(pool, TargetSessionAttrs.Any, startup);
        }
    }

    private async Task<ServerConnection> ConnectAsync(ServerPool pool, TargetSessionAttrs wanted, SessionStartup? startup)
    {
        PoolSettings settings = pool.Settings;
        ValueList<string> hosts = settings.Effective.Hosts;
        ValueList<int> ports = settings.Database.Ports;
        List<(int Position, string Host, EndPoint Address)> resting = [];
        ServerLoginException? last = null;
        foreach (int position in pool.Rotation.Order(hosts.Count, settings.Database.LoadBalanceHosts))
        {
            IReadOnlyList<EndPoint> addresses = [];
            try
            {
                using CancellationTokenSource deadline = Deadline(settings.Global.ServerConnectTimeout);
                addresses = await Hosts.ResolveAsync(hosts[position], ports[ports.Count == 1 ? 0 : position], deadline.Token);
            }
            catch (Exception fault) when (fault is SocketException or OperationCanceledException)
            {
                last = Unreachable($"server DNS lookup failed: {hosts[position]}: {fault.Message}", fault);
            }

            foreach (EndPoint address in addresses)
            {
                if (pool.Rotation.IsResting(address))
                {
                    resting.Add((position, hosts[position], address));
                }
                else if (await TryAsync(position, hosts[position], address) is { } server)
                {
                    return server;
                }
            }
        }

        foreach ((int position, string host, EndPoint address) in resting)
        {
            if (await TryAsync(position, host, address) is { } server)
            {
                return server;
            }
        }

        throw last!;

        async Task<ServerConnection?> TryAsync(int position, string host, EndPoint address)
        {
            try
            {
                ServerConnection server = await ConnectAsync(pool, address, host, wanted, startup);
                pool.Rotation.Worked(address);
                return server;
            }
            catch (ServerLoginException fault) when (fault.IsOfThisHost)
            {
                last = fault;
                pool.Rotation.Failed(position, address, settings.Global.ServerLoginRetry);
                if (!fault.IsMisfit && hosts.Count > 1)
                {
                    LogHostFailed(logger, pool.Name, host, fault.Message);
                }

                if (fault.IsMisfit && settings.Database.TargetSessionAttrs == wanted)
                {
                    // It was something else when the others were opened.
                    pool.CloseWhenReleased("server role changed", other => other.Identity.Connect.Equals(address));
                }

                return null;
            }
        }
    }

    /// <summary>After a time limit of the configuration, where 0 is none.</summary>
    internal static CancellationTokenSource Deadline(TimeSpan limit) =>
        new(limit > TimeSpan.Zero ? limit : Timeout.InfiniteTimeSpan);

    [LoggerMessage(4020, LogLevel.Warning, "{Pool}@{Host}: {Reason}; it comes last for a while")]
    private static partial void LogHostFailed(ILogger logger, string pool, string host, string reason);
}
