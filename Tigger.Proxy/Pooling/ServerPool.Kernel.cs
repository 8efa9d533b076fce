using Tigger.Config;
using Tigger.Handover;
using Tigger.Kernel;
using Tigger.Kernel.Slots;

namespace Tigger.Pooling;

/// <summary>Which data path the pool is on, and what the programs must know of it.</summary>
public sealed partial class ServerPool
{
    /// <summary>How long bytes between us and a backend may take to settle, and how often that is looked at.</summary>
    private const int MaximumDirtyTries = 200;

    private static readonly TimeSpan DirtyPause = TimeSpan.FromMilliseconds(5);

    private readonly KernelPools? _candidate;
    private bool _pathChosen;
    private bool _isForgotten;
    private KernelStatistics _formerKernel;

    /// <summary>Null: the pool's bytes are relayed in user space.</summary>
    internal KernelPools? Kernel { get; private set; }

    /// <summary>Number of the pool in the kernel; valid with <see cref="Kernel"/> and until the first server is logged in.</summary>
    internal int KernelNumber { get; private set; } = -1;

    /// <summary>Why the pool is not on the kernel path; null when it is.</summary>
    internal string? UserPathReason { get; private set; } = "no server has been logged in yet";

    /// <summary>PostgreSQL is on another host: the kernel works on our own ends of the connections to it.</summary>
    internal bool HasRemoteServers { get; private set; }

    /// <summary>Null: with the pool, its clients on other hosts may be on the kernel path; else why not.</summary>
    internal string? NoRemoteClientReason => Kernel?.NoRemoteReason ?? (HasRemoteServers ? Kernel?.NoBothRemoteReason : null);

    /// <summary>Clients and servers may be given to the kernel.</summary>
    internal bool MayUseKernel => Kernel is not null && UserPathReason is null;

    /// <summary>Where a server that is about to be connected gets its slot; null when it needs none.</summary>
    internal KernelPools? SlotSource
    {
        get
        {
            lock (_lock)
            {
                ReserveNumber();
                return _pathChosen ? Kernel : KernelNumber > 0 ? _candidate : null;
            }
        }
    }

    /// <summary>What the programs have counted so far; null: the pool is not in the kernel.</summary>
    internal KernelStatistics? KernelStatistics
    {
        get
        {
            // The lock, because the number may be given back and become another pool's.
            lock (_lock)
            {
                return Kernel?.Path.Statistics(KernelNumber);
            }
        }
    }

    /// <summary>What the programs counted for this pool, also with a number it has given back.</summary>
    internal KernelStatistics KernelTotals
    {
        get
        {
            lock (_lock)
            {
                KernelStatistics sum = _formerKernel;
                if (KernelStatistics is { } now)
                {
                    sum.Add(now);
                }

                return sum;
            }
        }
    }

    private string? WhyUserPath() => _settings switch
    {
        { Effective.DataPath: DataPathMode.User } => "data_path = user",
        { Mode: PoolMode.Statement } => "pool_mode = statement",
        { Mode: PoolMode.Transaction, ResetQuery: not null } => "server_reset_query_always",
        _ when _settings.Effective.ServerLifetime == TimeSpan.Zero => "server_lifetime = 0",
        _ => null,
    };

    /// <summary>
    /// Decided by the first server, before there is any client: only then is it known where PostgreSQL is. Called with no
    /// other server logged in.
    /// </summary>
    private void ChoosePath(ServerConnection first)
    {
        _pathChosen = true;
        if (_candidate is null || KernelNumber < 0 || (!first.IsPresent && WhyNotRemote(first) is not null))
        {
            UserPathReason = _candidate is null
                ? Registry.NoKernelReason
                : WhyUserPath() ?? (KernelNumber < 0 ? "no more pools fit in the kernel"
                    : first.Identity.Tls.Length > 0 ? "connections to PostgreSQL are encrypted (server_tls_sslmode)"
                    : WhyNotRemote(first));
            if (KernelNumber > 0)
            {
                _candidate!.Remove(this);
                KernelNumber = -1;
            }

            return;
        }

        HasRemoteServers = !first.IsPresent;
        Kernel = _candidate;
        Queue = new KernelServerQueue(this, _candidate);
        StatementTable.UseNumbers();
        UserPathReason = WhyUserPath();
        PauseChanged();
        TellKernel();
    }

    private string? WhyNotRemote(ServerConnection server) =>
        server.CanBeRemote ? _candidate!.NoRemoteServerReason : "PostgreSQL's sockets cannot be seen";

    private void ReserveNumber()
    {
        if (_candidate is not null && !_pathChosen && KernelNumber < 0 && WhyUserPath() is null)
        {
            KernelNumber = _candidate.Path.AllocatePool();
            if (KernelNumber > 0)
            {
                _candidate.Add(this);
            }
        }
    }

    /// <summary>The registry has it no more, though a login that found it a moment ago may still use it.</summary>
    internal void Forgotten()
    {
        lock (_lock)
        {
            _isForgotten = true;
        }

        ReturnNumber();
    }

    /// <summary>A pool that is out of the configuration gives its number back with its last client and server.</summary>
    private void ReturnNumber()
    {
        lock (_lock)
        {
            if ((_retired || _isForgotten) && Kernel is { } kernel && _servers.Count == 0 && _connecting == 0 && !HasClients && KernelNumber > 0)
            {
                _formerKernel.Add(kernel.Path.Statistics(KernelNumber));
                kernel.Remove(this);

                // The number is another pool's now; who still has hold of this one finds nobody waiting in it.
                Kernel = null;
                UserPathReason = "the database is not configured any more";
                Queue = new ManagedServerQueue(this);
                PauseChanged();
            }
        }
    }

    /// <summary>What a server came to that was handed on and is neither idle nor a session's.</summary>
    private void GoOn(ServerConnection server, LendResult lent)
    {
        if (lent.Kind == LendKind.InKernel)
        {
            // None: the session is ending, and finds the server when it takes its client back.
            lent.Client?.SendWaiting();
            return;
        }

        _ = Task.Run(async () =>
        {
            await Task.Delay(DirtyPause);
            server.OnReady(Net.SocketEvents.Readable);
            if (++server.DirtyTries < MaximumDirtyTries)
            {
                HandOn(server);
            }
            else
            {
                CloseServer(server, "unread bytes at the backend");
            }
        });
    }

    /// <summary>
    /// The janitor's round: servers in the kernel that are too old are asked for at their next release, and released ones whose
    /// record was lost are found.
    /// </summary>
    private void LookAfterKernel()
    {
        if (Kernel is null)
        {
            return;
        }

        long now = Clock.GetTimestamp();
        foreach (ServerConnection server in Servers)
        {
            if (server.State == ServerState.Active && LifetimeOver(server, now))
            {
                server.Recall();
            }

            server.TakeParked();
            server.TakeLeft();
        }
    }

    /// <summary>After a reload: sessions on the kernel path leave it with their next request if it is not allowed any more.</summary>
    private void SettingsChanged()
    {
        if (Kernel is not null)
        {
            UserPathReason = WhyUserPath();
            TellKernel();
        }
    }

    /// <summary>Writes down what the programs go by. Any lock may be held.</summary>
    private void TellKernel()
    {
        if (Kernel is null)
        {
            return;
        }

        ref PoolSlot slot = ref Kernel.Path.Slots.Pool((uint)KernelNumber);
        TiggerConfig global = _settings.Global;
        slot.Budget = (uint)global.KernelBudget;
        slot.MaxMessage = (uint)_settings.MaximumMessage;

        // 0 is never, there; a delay of 0 is always.
        slot.CheckDelay = _settings.CheckQuery is null ? 0 : (ulong)Math.Max(1, global.ServerCheckDelay.TotalMilliseconds * 1_000_000);
        slot.Set(PoolSlotFlags.Session, Mode == PoolMode.Session);
        slot.Set(PoolSlotFlags.NoSimple, global.DisablePqexec);
        slot.Set(PoolSlotFlags.Rename, TracksStatements);
        slot.Set(PoolSlotFlags.RoundRobin, global.ServerRoundRobin);
        slot.Set(PoolSlotFlags.Watch, _settings.WatchesSessions);
        slot.Set(PoolSlotFlags.WatchDoubts, _settings.CleaningQuery is not null);
        TellKernelOfServers();
    }

    /// <summary>The same, of the number of servers: called at every change of it.</summary>
    private void TellKernelOfServers()
    {
        if (Kernel is null)
        {
            return;
        }

        ref PoolSlot slot = ref Kernel.Path.Slots.Pool((uint)KernelNumber);
        int open = OpenServers;
        slot.Set(PoolSlotFlags.CanGrow, open < _settings.PoolSize && !_retired && !Registry.IsShuttingDown);
        slot.Set(PoolSlotFlags.ToUser, _servers.Count == 0 || UserPathReason is not null || Registry.IsShuttingDown);
    }
}
