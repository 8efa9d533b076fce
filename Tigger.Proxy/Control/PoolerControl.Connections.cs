using Tigger.Pooling;
using Tigger.Sessions;

namespace Tigger.Control;

/// <summary>Commands that replace servers, or shut clients out.</summary>
public sealed partial class PoolerControl
{
    /// <summary>RECONNECT: servers are replaced as clients release them.</summary>
    public void Reconnect(DatabaseState? database)
    {
        foreach (ServerPool pool in PoolsOf(database))
        {
            pool.CloseWhenReleased("database configuration changed");
        }
    }

    /// <summary>WAIT_CLOSE: ends when no server is left that a RECONNECT or a reload marked for closing.</summary>
    /// <exception cref="OperationCanceledException">The administrator waits no more.</exception>
    public Task WaitCloseAsync(DatabaseState? database, CancellationToken cancellation) => UntilAsync(
        () => !PoolsOf(database).Any(pool => pool.Servers.Any(server => server.CloseNeeded)),
        cancellation);

    /// <summary>KILL: closes all clients and servers; the databases stay paused until RESUME.</summary>
    public bool TryKill(DatabaseState? database, out string error)
    {
        lock (_lock)
        {
            if (registry.IsPaused || sessions.IsSuspended)
            {
                error = AlreadyPaused;
                return false;
            }

            foreach (DatabaseState victim in registry.Databases.Where(one => database is null || one == database))
            {
                // Before anything is closed: a freed server must not go to the next client in line.
                if (database is null && !victim.IsPaused)
                {
                    _killed.Add(victim);
                }

                registry.SetPaused(victim, true);
            }
        }

        foreach (ClientSession session in sessions.Sessions)
        {
            if (database is null || session.Login.Database == database)
            {
                session.End(SessionEndReason.Killed);
            }
        }

        foreach (ServerPool pool in PoolsOf(database))
        {
            pool.CloseUnlinked(SessionEndReason.Killed.Text);
        }

        error = "";
        return true;
    }

    /// <summary>KILL_CLIENT: closes the client with that number in SHOW CLIENTS. False: there is none.</summary>
    public bool KillClient(long id)
    {
        ClientSession? session = sessions.Find(id);
        session?.End(SessionEndReason.Killed);
        return session is not null;
    }

    /// <summary>DISABLE and ENABLE: whether the database takes new clients.</summary>
    public static void SetDisabled(DatabaseState database, bool value) => database.IsDisabled = value;
}
