using Microsoft.Extensions.Logging;
using Tigger.Pooling;
using Tigger.Sessions;

namespace Tigger.Control;

/// <summary>
/// What an administrator can do to the running process, by console command or signal: hold traffic (here), replace and kill
/// connections (<c>.Connections</c>), stop (<c>.Shutdown</c>). A null database means all of them. Error texts are PgBouncer's.
/// </summary>
/// <param name="registry">Databases and pools.</param>
/// <param name="sessions">Clients.</param>
/// <param name="clock">Paces the waits.</param>
/// <param name="logger">For what happens without being asked for.</param>
/// <param name="stopAccepting">Closes the TCP listeners; called once, when a shutdown begins.</param>
public sealed partial class PoolerControl(
    PoolRegistry registry, SessionTable sessions, TimeProvider clock, ILogger logger, Action stopAccepting)
{
    private const string PauseReason = "pause mode";
    private const string AlreadyPaused = "already suspended/paused";

    /// <summary>How often a waiting command looks again; PgBouncer looks three times a second.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();

    // Paused by a KILL of everything, for a RESUME of everything to find.
    private readonly HashSet<DatabaseState> _killed = [];

    /// <summary>
    /// PAUSE: servers close as clients release them, clients that want one wait. Ends when no server is left; cancelled, it
    /// stops waiting and the pause stays in force. Returns null when done, else why not.
    /// </summary>
    /// <exception cref="OperationCanceledException">The administrator waits no more.</exception>
    public async Task<string?> PauseAsync(DatabaseState? database, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (registry.IsPaused || sessions.IsSuspended)
            {
                return AlreadyPaused;
            }

            registry.SetPaused(database, true);
        }

        foreach (ServerPool pool in PoolsOf(database))
        {
            pool.CloseIdle(PauseReason);
        }

        await UntilAsync(() => !IsPaused(database) || OpenServers(database) == 0, cancellation);
        return IsPaused(database) ? null : "PAUSE was undone by RESUME";
    }

    /// <summary>RESUME: undoes PAUSE, SUSPEND and KILL.</summary>
    public bool TryResume(DatabaseState? database, out string error)
    {
        bool wasSuspended;
        lock (_lock)
        {
            error = WhyNotResume(database) ?? "";
            if (error.Length > 0)
            {
                return false;
            }

            wasSuspended = database is null && sessions.IsSuspended;
            if (wasSuspended)
            {
                sessions.IsSuspended = false;
            }
            else if (database is null && !registry.IsPaused)
            {
                foreach (DatabaseState killed in _killed)
                {
                    registry.SetPaused(killed, false);
                }

                _killed.Clear();
            }
            else
            {
                registry.SetPaused(database, false);
            }
        }

        if (wasSuspended)
        {
            sessions.WakeAll();
        }
        else
        {
            foreach (ServerPool pool in PoolsOf(database))
            {
                pool.Resume();
            }
        }

        return true;
    }

    /// <summary>
    /// SUSPEND: nothing is read any more. Ends when all that was read has been sent on; sessions that do not get there within
    /// <c>suspend_timeout</c> are closed. Returns null when done, else why not.
    /// </summary>
    /// <exception cref="OperationCanceledException">The administrator waits no more; nothing is undone.</exception>
    public async Task<string?> SuspendAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (registry.IsPaused || sessions.IsSuspended)
            {
                return AlreadyPaused;
            }

            if (registry.Databases.Any(database => database.IsPaused))
            {
                // A client that waits for a paused database has bytes that cannot be sent on.
                return "cannot suspend with paused databases";
            }

            sessions.IsSuspended = true;
        }

        foreach (ClientSession session in sessions.Sessions)
        {
            session.LeaveKernel();
        }

        long start = clock.GetTimestamp();
        TimeSpan patience = registry.Config.SuspendTimeout;
        await UntilAsync(
            () => !sessions.IsSuspended || !Unflushed.Any() || (patience > TimeSpan.Zero && clock.GetElapsedTime(start) > patience),
            cancellation);
        foreach (ClientSession session in sessions.IsSuspended ? Unflushed : [])
        {
            session.End(SessionEndReason.SuspendTimeout);
        }

        return sessions.IsSuspended ? null : "SUSPEND was undone by RESUME";
    }

    private IEnumerable<ClientSession> Unflushed => sessions.Sessions.Where(session => !session.IsFlushed);

    private string? WhyNotResume(DatabaseState? database)
    {
        if (database is not null)
        {
            return database.IsPaused ? null : $"database {database.Name} is not paused";
        }

        if (_shutdown is not null)
        {
            return "pooler is shutting down";
        }

        _killed.RemoveWhere(killed => !killed.IsPaused);
        return registry.IsPaused || sessions.IsSuspended || _killed.Count > 0 ? null : "pooler is not paused/suspended";
    }

    private bool IsPaused(DatabaseState? database) => database?.IsPaused ?? registry.IsPaused;

    /// <summary>Open and opening servers, also those of pools that a reload has taken out of the registry.</summary>
    private int OpenServers(DatabaseState? database) => database?.ServerCount ?? registry.Limits.Total;

    private IEnumerable<ServerPool> PoolsOf(DatabaseState? database) =>
        registry.Pools.Where(pool => database is null || pool.Database == database);

    private async Task UntilAsync(Func<bool> condition, CancellationToken cancellation)
    {
        while (!condition())
        {
            await Task.Delay(PollInterval, clock, cancellation);
        }
    }
}
