using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Net;
using Tigger.Sessions;

namespace Tigger.Pooling;

/// <summary>
/// The servers of one database and user, and the clients that wait for one. All lists are guarded by one lock that is never
/// held over I/O nor while another lock is taken.
/// </summary>
public sealed partial class ServerPool
{
    private const int IdleLookedAt = 8;

    private readonly Lock _lock = new();
    private readonly HashSet<ServerConnection> _servers = [];

    // Most recently used first: warm backends answer faster.
    private readonly LinkedList<ServerConnection> _idle = new();
    private readonly LinkedList<ClientSession> _waiting = new();
    private volatile PoolSettings _settings;
    private volatile bool _retired;

    internal ServerPool(PoolRegistry registry, DatabaseState database, UserState user, PoolSettings settings)
    {
        Registry = registry;
        Database = database;
        User = user;
        _settings = settings;
    }

    public DatabaseState Database { get; }

    public UserState User { get; }

    public string Name => $"{Database.Name}/{User.Name}";

    public PoolSettings Settings
    {
        get => _settings;
        internal set => _settings = value;
    }

    public PoolMode Mode => _settings.Mode;

    internal PoolRegistry Registry { get; }

    internal ILogger Logger => Registry.Logger;

    internal TimeProvider Clock => Registry.Clock;

    internal TrackedParameters Tracked => Registry.Tracked;

    internal PoolStatistics Statistics { get; } = new();

    private bool IsPaused => Registry.IsPaused || Database.IsPaused;

    /// <summary>
    /// A server for the client, or null after putting it at the end of the queue. Nobody overtakes: with clients waiting a
    /// newcomer waits too. The client's lock is held; <paramref name="now"/> is its timestamp of this event.
    /// </summary>
    internal ServerConnection? TakeOrWait(ClientSession client, long now)
    {
        ServerConnection? stale = null;
        lock (_lock)
        {
            if (_waiting.Count == 0 && !IsPaused && ChooseIdle(client.Socket.Loop) is { } first)
            {
                _idle.Remove(first);
                if (!NeedsCheck(first.Value, now))
                {
                    first.Value.State = ServerState.Active;
                    return first.Value;
                }

                first.Value.State = ServerState.InTransit;
                stale = first.Value;
            }

            _waiting.AddLast(client.WaitPlace);
        }

        if (stale is not null)
        {
            BeginTask(stale, ServerTask.Check, _settings.CheckQuery!);
        }
        else
        {
            EnsureServers();
        }

        return null;
    }

    /// <summary>Back to the head of the queue: the server granted to this client turned out to be dead.</summary>
    internal void WaitFirst(ClientSession client)
    {
        lock (_lock)
        {
            _waiting.AddFirst(client.WaitPlace);
        }
    }

    /// <summary>False: the client is not in the queue, so a server is being granted to it at this moment.</summary>
    internal bool StopWaiting(ClientSession client)
    {
        lock (_lock)
        {
            if (client.WaitPlace.List is null)
            {
                return false;
            }

            _waiting.Remove(client.WaitPlace);
            return true;
        }
    }

    /// <summary>
    /// Lends a server to the client that has waited longest, or makes it idle; one that a client has used is cleaned first, if
    /// this pool does so. No lock may be held.
    /// </summary>
    internal void HandOn(ServerConnection? server)
    {
        while (server is not null)
        {
            if (ReasonToClose(server) is { } reason)
            {
                CloseServer(server, reason);
                return;
            }

            if (server.NeedsReset && _settings.ResetQuery is { } query)
            {
                BeginTask(server, ServerTask.Reset, query);
                return;
            }

            ClientSession? next = null;
            lock (_lock)
            {
                if (!IsPaused && _waiting.First is { } first)
                {
                    _waiting.Remove(first);
                    next = first.Value;
                    server.State = ServerState.Active;
                }
                else
                {
                    server.State = ServerState.Idle;
                    AddIdle(server);
                }
            }

            if (next is null)
            {
                // It may have died before it was on the list, when nobody could find it there.
                if (server.IsDead || (IsPaused && TakeIdle(server)))
                {
                    CloseServer(server, "pause mode");
                }

                Registry.ServerBecameFree();
                return;
            }

            // A client that has gone meanwhile leaves the server to the next in line; one that needs it no more gives it back.
            server = next.Accept(server);
        }
    }

    /// <summary>The server's socket is closed: forget it and open another if clients wait. Any lock may be held but the pool's.</summary>
    internal void Forget(ServerConnection server)
    {
        lock (_lock)
        {
            if (!_servers.Remove(server))
            {
                return;
            }

            if (server.IdlePlace.List is not null)
            {
                _idle.Remove(server.IdlePlace);
            }
        }

        Registry.Limits.Remove(this);
        Registry.ServerBecameFree();
        EnsureServers();
    }

    /// <summary>Closes a server that the caller owns and that is between two transactions.</summary>
    internal void CloseServer(ServerConnection server, string reason)
    {
        if (!server.IsDead)
        {
            LogClosing(server, reason);
            server.Close(sayGoodbye: true);
        }

        Forget(server);
    }

    /// <summary>Wakes waiting clients after a pause, as far as there are idle servers.</summary>
    internal void Resume()
    {
        while (true)
        {
            ServerConnection server;
            lock (_lock)
            {
                if (IsPaused || _waiting.Count == 0 || _idle.First is not { } first)
                {
                    break;
                }

                _idle.Remove(first);
                server = first.Value;
                server.State = ServerState.InTransit;
            }

            HandOn(server);
        }

        EnsureServers();
    }

    private void BeginTask(ServerConnection server, ServerTask task, string query)
    {
        lock (server.Sync)
        {
            if (!server.IsDead)
            {
                server.State = ServerState.Tested;
                server.BeginTask(task, query);
                return;
            }
        }

        Forget(server);
    }

    /// <summary>
    /// Among the servers used last, one of the client's own loop: then one thread does all the work of the transaction, and
    /// no other waits for the session's lock. None there: the one used last.
    /// </summary>
    private LinkedListNode<ServerConnection>? ChooseIdle(EventLoop loop)
    {
        LinkedListNode<ServerConnection>? place = _idle.First;
        for (int looked = 0; place is not null && looked < IdleLookedAt && !_settings.Global.ServerRoundRobin; looked++)
        {
            if (place.Value.Socket.Loop == loop)
            {
                return place;
            }

            place = place.Next;
        }

        return _idle.First;
    }

    private void AddIdle(ServerConnection server)
    {
        if (_settings.Global.ServerRoundRobin)
        {
            _idle.AddLast(server.IdlePlace);
        }
        else
        {
            _idle.AddFirst(server.IdlePlace);
        }
    }

    private bool TakeIdle(ServerConnection server)
    {
        lock (_lock)
        {
            if (server.IdlePlace.List is null)
            {
                return false;
            }

            _idle.Remove(server.IdlePlace);
            server.State = ServerState.InTransit;
            return true;
        }
    }

    private bool NeedsCheck(ServerConnection server, long now) =>
        _settings.CheckQuery is not null
        && Clock.GetElapsedTime(server.LastUsedAt, now) >= _settings.Global.ServerCheckDelay;

    private string? ReasonToClose(ServerConnection server)
    {
        if (server.IsDead)
        {
            return "server conn crashed?";
        }

        if (_retired || server.CloseNeeded)
        {
            return "database configuration changed";
        }

        if (IsPaused)
        {
            return "pause mode";
        }

        if (Registry.IsShuttingDown)
        {
            return "shutting down";
        }

        // Just used or just logged in: that moment is near enough to now.
        return LifetimeOver(server, server.LastUsedAt) ? "server lifetime over" : null;
    }
}
