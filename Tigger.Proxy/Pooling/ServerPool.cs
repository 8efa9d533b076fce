using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Handover;
using Tigger.Prepared;
using Tigger.Sessions;

namespace Tigger.Pooling;

/// <summary>
/// The servers of one database and user, and the clients that wait for one. Its lock guards which servers there are and is
/// never held over I/O; who is idle and who waits is the queue's, whose lock comes below it.
/// </summary>
public sealed partial class ServerPool
{
    private readonly Lock _lock = new();
    private readonly HashSet<ServerConnection> _servers = [];
    private volatile PoolSettings _settings;
    private volatile bool _retired;

    internal ServerPool(PoolRegistry registry, DatabaseState database, UserState user, PoolSettings settings)
    {
        Registry = registry;
        Database = database;
        User = user;
        _settings = settings;
        Queue = new ManagedServerQueue(this);
        Rotation = new HostRotation(registry.Clock);
        Times = new PoolTimes(registry.Clock.TimestampFrequency);
        _candidate = registry.Kernel;
    }

    public DatabaseState Database { get; }

    public UserState User { get; }

    public string Name => $"{Database.Name}/{User.Name}";

    public PoolSettings Settings
    {
        get => _settings;
        internal set
        {
            _settings = value;
            SettingsChanged();
        }
    }

    public PoolMode Mode => _settings.Mode;

    internal PoolRegistry Registry { get; }

    internal ILogger Logger => Registry.Logger;

    internal TimeProvider Clock => Registry.Clock;

    internal TrackedParameters Tracked => Registry.Tracked;

    /// <summary>The named statements of its clients and servers.</summary>
    internal StatementTable StatementTable { get; } = new();

    /// <summary>Servers change, so names of prepared statements are the pooler's affair.</summary>
    internal bool TracksStatements => Mode != PoolMode.Session && _settings.Global.MaxPreparedStatements > 0;

    internal PoolStatistics Statistics { get; } = new();

    /// <summary>How long things took on the user path.</summary>
    internal PoolTimes Times { get; }

    /// <summary>The idle servers and the waiting clients.</summary>
    internal IServerQueue Queue { get; private set; }

    /// <summary>Whose turn it is among the hosts.</summary>
    internal HostRotation Rotation { get; }

    /// <summary>Has every server prepare the statement anew before it is used again. Any lock may be held but the pool's.</summary>
    internal void Renew(PreparedStatement statement)
    {
        statement.Edition++;
        foreach (ServerConnection server in Servers)
        {
            server.WithdrawStatement(statement);
        }
    }

    private bool IsPaused => Registry.IsPaused || Database.IsPaused;

    /// <summary>
    /// A server for the client, or null after putting it at the end of the queue. Nobody overtakes: with clients waiting a
    /// newcomer waits too. The client's lock is held; <paramref name="now"/> is its timestamp of this event.
    /// </summary>
    internal ServerConnection? TakeOrWait(ClientSession client, long now)
    {
        ServerConnection? taken = Queue.TakeOrWait(client);
        if (taken is not null)
        {
            if (_settings.CheckQuery is not { } query || !NeedsCheck(taken, now))
            {
                return taken;
            }

            lock (_lock)
            {
                // Both at once for whoever counts clients and servers to come. Nobody else was waiting a moment ago, so the
                // head of the queue is where the client belongs.
                taken.State = ServerState.InTransit;
                Queue.WaitFirst(client);
            }

            BeginTask(taken, ServerTask.Check, query);
        }

        // Also behind a check: a server that was found dead may have been forgotten before there was a client to wait for it.
        EnsureServers();
        return null;
    }

    /// <summary>Back to the head of the queue: the server granted to this client turned out to be dead.</summary>
    internal void WaitFirst(ClientSession client) => Queue.WaitFirst(client);

    /// <summary>False: the client is not in the queue, so a server is being granted to it at this moment.</summary>
    internal bool StopWaiting(ClientSession client) => Queue.StopWaiting(client);

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

            if (QueryToClean(server) is { } query)
            {
                BeginTask(server, ServerTask.Reset, query);
                return;
            }

            if (RunAuthQuery(server))
            {
                return;
            }

            LendResult lent = Queue.HandOn(server);
            if (lent.Kind is LendKind.InKernel or LendKind.Dirty)
            {
                GoOn(server, lent);
                return;
            }

            if (lent.Client is not { } next)
            {
                if (IsTakenAtOnce(server))
                {
                    continue;
                }

                return;
            }

            // A client that has gone meanwhile leaves the server to the next in line; one that needs it no more gives it back.
            server = next.Accept(server);
        }
    }

    /// <summary>
    /// Makes a server of the kernel path idle if nobody waits for one and nothing is to be done with it first. False: it is still the
    /// caller's, to be handed on. A client's lock may be held.
    /// </summary>
    internal bool TryMakeIdle(ServerConnection server) =>
        Queue is KernelServerQueue { WaitingCount: 0 } queue
        && !LifetimeOver(server, server.LastUsedAt) && ReasonToClose(server) is null && QueryToClean(server) is null && !HasAuthQueries
        && queue.TryMakeIdle(server) && !IsTakenAtOnce(server);

    /// <summary>A server has just become idle. True: it is the caller's again.</summary>
    private bool IsTakenAtOnce(ServerConnection server)
    {
        // It may have died before it was on the list, when nobody could find it there.
        if (server.IsDead || (Queue.IsPaused && Queue.TakeIdle(server)))
        {
            CloseServer(server, ReasonToClose(server) ?? "pause mode");
        }
        else if (HasAuthQueries && Queue.TakeIdle(server))
        {
            // The query came between the two looks, and found no idle server.
            return true;
        }

        Registry.ServerBecameFree();
        return false;
    }

    /// <summary>The server's socket is closed: forget it and open another if clients wait. Any lock may be held but the pool's.</summary>
    internal void Forget(ServerConnection server)
    {
        // First of all and every time: it may have gone onto the list after it was forgotten once.
        Queue.Remove(server);
        bool forgotten;
        lock (_lock)
        {
            forgotten = _servers.Remove(server);
            if (forgotten)
            {
                TellKernelOfServers();
            }
        }

        if (!forgotten)
        {
            ForgetReplication(server);
            return;
        }

        ReturnNumber();
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
        // Once is enough: no server has gone idle past a waiting client since the pause ended.
        foreach (ServerConnection server in Queue.IdleServers)
        {
            if (Queue.IsPaused || Queue.WaitingCount == 0)
            {
                break;
            }

            if (Queue.TakeIdle(server))
            {
                HandOn(server);
            }
        }

        EnsureServers();
    }

    /// <summary>
    /// Brings the queue in line with what the registry, the database and a reload say. Called after each change of theirs, so
    /// that no server is lent once a PAUSE has begun to wait; any lock may be held but the pool's and the queue's.
    /// </summary>
    internal void PauseChanged()
    {
        lock (_lock)
        {
            // Looked at under the lock: of two callers the one who looked first must not be the last to write.
            bool paused = IsPaused || _retired;
            if (paused != Queue.IsPaused)
            {
                Queue.IsPaused = paused;
            }
        }
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

        if (ReasonNotToReuse(server) is { } reason)
        {
            return reason;
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
        if (!LifetimeOver(server, server.LastUsedAt))
        {
            return null;
        }

        _lastLifetimeClose = server.LastUsedAt;
        return LifetimeReason;
    }
}
