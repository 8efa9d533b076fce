using Microsoft.Extensions.Logging;
using Tigger.Config;

namespace Tigger.Pooling;

/// <summary>What the janitor does for a pool three times a second.</summary>
public sealed partial class ServerPool
{
    private const string LifetimeReason = "server lifetime over";

    private long _lastLifetimeClose;
    private int _clients;
    private long _unusedSince;

    internal bool HasClients => Volatile.Read(ref _clients) > 0;

    internal int ClientCount => Volatile.Read(ref _clients);

    /// <summary>How long there has been no client and no server, nor one coming. For the janitor, which alone asks.</summary>
    internal TimeSpan UnusedFor(long now)
    {
        lock (_lock)
        {
            if (HasClients || _servers.Count > 0 || _connecting > 0 || _awaitingWelcome > 0)
            {
                _unusedSince = 0;
                return TimeSpan.Zero;
            }

            _unusedSince = _unusedSince == 0 ? now : _unusedSince;
            return Clock.GetElapsedTime(_unusedSince, now);
        }
    }

    internal void AddClient() => Interlocked.Increment(ref _clients);

    internal void RemoveClient()
    {
        Interlocked.Decrement(ref _clients);
        ReturnNumber();
    }

    /// <summary>Closes what is too old or too many, opens what is missing, lends the reserve.</summary>
    internal void Maintain()
    {
        foreach ((ServerConnection server, string reason) in TakeExpired())
        {
            CloseServer(server, reason);
        }

        LookAfterKernel();
        ServeAuthQueries();
        TimeSpan patience = _settings.Global.ReservePoolTimeout;
        bool overdue = _settings.Effective.ReservePoolSize > 0 && patience > TimeSpan.Zero
            && Queue.LongestWaitingSince is not 0 and var since && Clock.GetElapsedTime(since) >= patience;
        EnsureServers();
        if (overdue)
        {
            UseReserve();
        }
    }

    /// <summary>RECONNECT, or a database whose configuration changed: idle servers go now, others when released.</summary>
    internal void CloseWhenReleased(string reason) => CloseWhenReleased(reason, static _ => true);

    /// <summary>The same for the servers that <paramref name="which"/> names.</summary>
    internal void CloseWhenReleased(string reason, Func<ServerConnection, bool> which)
    {
        lock (_lock)
        {
            foreach (ServerConnection server in _servers.Where(which))
            {
                server.CloseNeeded = true;
                server.Recall();
            }
        }

        CloseIdle(reason, which);
    }

    /// <summary>PAUSE: idle servers go now; those in use when released.</summary>
    internal void CloseIdle(string reason) => CloseIdle(reason, static _ => true);

    private void CloseIdle(string reason, Func<ServerConnection, bool> which)
    {
        foreach (ServerConnection server in Queue.IdleServers.Where(which))
        {
            if (Queue.TakeIdle(server))
            {
                CloseServer(server, reason);
            }
        }
    }

    /// <summary>The database is gone from the configuration: no new servers, the rest close when released.</summary>
    internal void Retire()
    {
        _retired = true;
        PauseChanged();
        FailAuthQueries("database configuration changed");
        CloseWhenReleased("database configuration changed");
    }

    /// <summary>The idle server unused for longest, taken off the list for eviction; null when clients wait here or none is idle.</summary>
    internal ServerConnection? TakeOldestIdle(long usedBefore)
    {
        if (Queue.WaitingCount > 0)
        {
            return null;
        }

        // A loop, because First with a condition would try the condition on all of them.
        foreach (ServerConnection server in Queue.IdleServers.OrderBy(server => server.LastUsedAt))
        {
            if (server.LastUsedAt >= usedBefore)
            {
                break;
            }

            if (Queue.TakeIdle(server))
            {
                return server;
            }
        }

        return null;
    }

    internal long OldestIdleUse() => Queue.WaitingCount > 0
        ? long.MaxValue
        : Queue.IdleServers.Select(server => server.LastUsedAt).DefaultIfEmpty(long.MaxValue).Min();

    internal void LogClosing(ServerConnection server, string reason)
    {
        if (_settings.Global.LogDisconnections)
        {
            int age = (int)Clock.GetElapsedTime(server.ConnectedAt).TotalSeconds;
            LogClosing(Logger, server.Id, Name, server.Identity.Host, reason, age);
        }
    }

    private List<(ServerConnection Server, string Reason)> TakeExpired()
    {
        lock (_lock)
        {
            int surplus = _servers.Count - _settings.LargestSize;
            List<(ServerConnection, string)> expired = [];
            foreach (ServerConnection server in Queue.IdleServers.Reverse())
            {
                string? reason = surplus > 0 ? "too many servers in the pool" : ExpiryReason(server);
                if (reason is null || !Queue.TakeIdle(server))
                {
                    continue;
                }

                surplus--;
                expired.Add((server, reason));
                if (reason == LifetimeReason)
                {
                    _lastLifetimeClose = Clock.GetTimestamp();
                }
            }

            return expired;
        }
    }

    private string? ExpiryReason(ServerConnection server)
    {
        TiggerConfig global = _settings.Global;
        if (server.CloseNeeded)
        {
            return "database configuration changed";
        }

        if (global.ServerIdleTimeout > TimeSpan.Zero && _servers.Count > _settings.Effective.MinPoolSize
            && Clock.GetElapsedTime(server.LastUsedAt) > global.ServerIdleTimeout)
        {
            return "server idle timeout";
        }

        return LifetimeOver(server, Clock.GetTimestamp()) ? LifetimeReason : null;
    }

    /// <summary>
    /// Whether an unused server is too old. As in PgBouncer old servers of a pool go one by one, spread over the lifetime, so
    /// that a pool filled at once is not emptied at once.
    /// </summary>
    private bool LifetimeOver(ServerConnection server, long now)
    {
        TimeSpan lifetime = _settings.Effective.ServerLifetime;
        if (lifetime == TimeSpan.Zero)
        {
            return server.Served;
        }

        if (Clock.GetElapsedTime(server.ConnectedAt, now) < lifetime)
        {
            return false;
        }

        TimeSpan spread = lifetime / Math.Max(1, _settings.PoolSize);
        return _lastLifetimeClose == 0 || Clock.GetElapsedTime(_lastLifetimeClose, now) >= spread;
    }

    [LoggerMessage(4003, LogLevel.Information, "S-{Server}: {Pool}@{Host} closing because: {Reason} (age={Age}s)")]
    private static partial void LogClosing(ILogger logger, long server, string pool, string host, string reason, int age);
}
