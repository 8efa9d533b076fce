using Microsoft.Extensions.Logging;
using Tigger.Config;

namespace Tigger.Pooling;

/// <summary>What the janitor does for a pool three times a second.</summary>
public sealed partial class ServerPool
{
    private long _lastLifetimeClose;
    private int _clients;

    internal bool HasClients => Volatile.Read(ref _clients) > 0;

    internal int ClientCount => Volatile.Read(ref _clients);

    internal void AddClient() => Interlocked.Increment(ref _clients);

    internal void RemoveClient() => Interlocked.Decrement(ref _clients);

    /// <summary>Closes what is too old or too many, opens what is missing, lends the reserve.</summary>
    internal void Maintain()
    {
        foreach ((ServerConnection server, string reason) in TakeExpired())
        {
            CloseServer(server, reason);
        }

        bool overdue;
        lock (_lock)
        {
            TimeSpan patience = _settings.Global.ReservePoolTimeout;
            overdue = _settings.Effective.ReservePoolSize > 0 && patience > TimeSpan.Zero && _waiting.First is { } first
                && Clock.GetElapsedTime(first.Value.WaitingSince) >= patience;
        }

        EnsureServers();
        if (overdue)
        {
            UseReserve();
        }
    }

    /// <summary>RECONNECT, or a database whose configuration changed: idle servers go now, others when released.</summary>
    internal void CloseWhenReleased(string reason)
    {
        List<ServerConnection> idle;
        lock (_lock)
        {
            foreach (ServerConnection server in _servers)
            {
                server.CloseNeeded = true;
            }

            idle = TakeAllIdle();
        }

        idle.ForEach(server => CloseServer(server, reason));
    }

    /// <summary>PAUSE: idle servers go now; those in use when released.</summary>
    internal void CloseIdle(string reason)
    {
        List<ServerConnection> idle;
        lock (_lock)
        {
            idle = TakeAllIdle();
        }

        idle.ForEach(server => CloseServer(server, reason));
    }

    /// <summary>The database is gone from the configuration: no new servers, the rest close when released.</summary>
    internal void Retire()
    {
        _retired = true;
        CloseWhenReleased("database configuration changed");
    }

    /// <summary>The idle server unused for longest, taken off the list for eviction; null when clients wait here or none is idle.</summary>
    internal ServerConnection? TakeOldestIdle(long usedBefore)
    {
        lock (_lock)
        {
            ServerConnection? oldest = _waiting.Count > 0 ? null : _idle.MinBy(server => server.LastUsedAt);
            if (oldest is null || oldest.LastUsedAt >= usedBefore)
            {
                return null;
            }

            _idle.Remove(oldest.IdlePlace);
            oldest.State = ServerState.InTransit;
            return oldest;
        }
    }

    internal long OldestIdleUse()
    {
        lock (_lock)
        {
            return _waiting.Count > 0 || _idle.Count == 0 ? long.MaxValue : _idle.Min(server => server.LastUsedAt);
        }
    }

    internal void LogClosing(ServerConnection server, string reason)
    {
        if (_settings.Global.LogDisconnections)
        {
            int age = (int)Clock.GetElapsedTime(server.ConnectedAt).TotalSeconds;
            LogClosing(Logger, server.Id, Name, server.Identity.Host, reason, age);
        }
    }

    private List<ServerConnection> TakeAllIdle()
    {
        List<ServerConnection> idle = [.. _idle];
        _idle.Clear();
        idle.ForEach(server => server.State = ServerState.InTransit);
        return idle;
    }

    private List<(ServerConnection Server, string Reason)> TakeExpired()
    {
        lock (_lock)
        {
            int surplus = _servers.Count - _settings.LargestSize;
            List<(ServerConnection, string)> expired = [];
            for (LinkedListNode<ServerConnection>? place = _idle.Last, before; place is not null; place = before)
            {
                before = place.Previous;
                string? reason = surplus-- > 0 ? "too many servers in the pool" : ExpiryReason(place.Value);
                if (reason is not null)
                {
                    _idle.Remove(place);
                    place.Value.State = ServerState.InTransit;
                    expired.Add((place.Value, reason));
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

        return LifetimeOver(server, Clock.GetTimestamp()) ? "server lifetime over" : null;
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
        if (_lastLifetimeClose != 0 && Clock.GetElapsedTime(_lastLifetimeClose, now) < spread)
        {
            return false;
        }

        _lastLifetimeClose = now;
        return true;
    }

    [LoggerMessage(4003, LogLevel.Information, "S-{Server}: {Pool}@{Host} closing because: {Reason} (age={Age}s)")]
    private static partial void LogClosing(ILogger logger, long server, string pool, string host, string reason, int age);
}
