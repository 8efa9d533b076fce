namespace Tigger.Pooling;

/// <summary>What the console wants to know of a pool and, for KILL, do to it.</summary>
public sealed partial class ServerPool
{
    /// <summary>The logged-in servers at this moment.</summary>
    internal IReadOnlyList<ServerConnection> Servers
    {
        get
        {
            lock (_lock)
            {
                return [.. _servers, .. _replicating];
            }
        }
    }

    internal PoolSnapshot Snapshot()
    {
        lock (_lock)
        {
            int waiting = Queue.WaitingCount;
            long since = Queue.LongestWaitingSince;
            long now = Clock.GetTimestamp();

            // In the kernel states change at any moment: each is read once, or the numbers would not add up.
            List<(ServerConnection Server, ServerState State)> servers = [.. _servers.Select(server => (server, server.State))];
            int idle = servers.Count(one => one.State is ServerState.Idle or ServerState.InTransit);
            int stale = servers.Count(one => one.State == ServerState.Idle && NeedsCheck(one.Server, now));
            return new PoolSnapshot
            {
                // The two are counted apart, so for a moment there may be more waiting than counted at all.
                ActiveClients = Math.Max(0, ClientCount - waiting),
                WaitingClients = waiting,
                LongestWait = since != 0 ? Clock.GetElapsedTime(since) : TimeSpan.Zero,
                ActiveServers = servers.Count(one => one.State == ServerState.Active) + _replicating.Count,
                BeingCanceled = servers.Count(one => one.State == ServerState.BeingCanceled),
                Cancels = _servers.Sum(server => server.CancelsPending),
                IdleServers = idle - stale,
                StaleServers = stale,
                TestedServers = servers.Count(one => one.State == ServerState.Tested),
                LoginServers = _connecting,
            };
        }
    }

    /// <summary>Whether an idle server would be checked before a client gets it.</summary>
    internal bool IsStale(ServerConnection server) => server.State == ServerState.Idle && NeedsCheck(server, Clock.GetTimestamp());

    /// <summary>
    /// KILL, with the database paused: closes the servers no client has, also those in the middle of a query of ours. One on
    /// its way from a client to the idle list finds the pause there and closes as well.
    /// </summary>
    internal void CloseUnlinked(string reason)
    {
        CloseIdle(reason);
        foreach (ServerConnection server in Servers)
        {
            if (server.Client is null && server.State is ServerState.Tested or ServerState.BeingCanceled)
            {
                CloseServer(server, reason);
            }
        }
    }
}
