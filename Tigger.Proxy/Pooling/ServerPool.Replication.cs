namespace Tigger.Pooling;

/// <summary>Servers that belong to one client that replicates: never idle and never lent, but counted like the others.</summary>
public sealed partial class ServerPool
{
    private static readonly TimeSpan ReplicationRetry = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<ServerConnection> _replicating = [];
    private int _replicationServers;

    /// <summary>Opens a server for one client, when the limits allow it.</summary>
    /// <param name="startup">Startup parameters of the client, which are the server's.</param>
    /// <param name="cancellation">The client waits no longer.</param>
    /// <exception cref="ServerLoginException">PostgreSQL refused the login, or cannot be reached.</exception>
    internal async Task<ServerConnection> ConnectReplicationAsync(SessionStartup startup, CancellationToken cancellation)
    {
        while (!TryReserveReplication(out ServerConnection? inTheWay))
        {
            if (inTheWay is not null)
            {
                CloseServer(inTheWay, "evicted");
            }
            else
            {
                await Task.Delay(ReplicationRetry, Clock, cancellation);
            }
        }

        bool connected = false;
        try
        {
            ServerConnection server = await Registry.Connector.ConnectAsync(this, startup);
            lock (_lock)
            {
                _replicating.Add(server);
            }

            connected = true;
            return server;
        }
        finally
        {
            if (!connected)
            {
                RemoveReplication();
            }
        }
    }

    private bool TryReserveReplication(out ServerConnection? inTheWay)
    {
        inTheWay = null;
        lock (_lock)
        {
            if (_retired || IsPaused || Registry.IsShuttingDown)
            {
                return false;
            }

            if (OpenServers < _settings.PoolSize)
            {
                _replicationServers++;
            }
            else
            {
                inTheWay = Queue.IdleServers.FirstOrDefault(Queue.TakeIdle);
                return false;
            }
        }

        if (Registry.Limits.TryAdd(this) || (Registry.EvictFor(this) && Registry.Limits.TryAdd(this)))
        {
            return true;
        }

        lock (_lock)
        {
            _replicationServers--;
        }

        return false;
    }

    private void ForgetReplication(ServerConnection server)
    {
        lock (_lock)
        {
            if (!_replicating.Remove(server))
            {
                return;
            }
        }

        RemoveReplication();
    }

    private void RemoveReplication()
    {
        lock (_lock)
        {
            _replicationServers--;
        }

        Registry.Limits.Remove(this);
        Registry.ServerBecameFree();
        EnsureServers();
    }
}
