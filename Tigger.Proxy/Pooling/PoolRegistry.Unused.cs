using Microsoft.Extensions.Logging;

namespace Tigger.Pooling;

/// <summary>Databases that were made from <c>*</c> and that nobody uses any more.</summary>
public sealed partial class PoolRegistry
{
    /// <summary>
    /// Forgets automatic databases without clients and servers for <c>autodb_idle_timeout</c>, and their pools with their
    /// counts. One that an administrator paused or disabled stays, or the next login would undo that.
    /// </summary>
    internal void ForgetUnused(long now)
    {
        foreach (DatabaseState database in _databases.Values.Where(database => database.IsAuto))
        {
            if (database.ClientCount > 0 || database.ServerCount > 0 || database.IsPaused || database.IsDisabled)
            {
                database.UnusedSince = 0;
            }
            else if (database.UnusedSince == 0)
            {
                database.UnusedSince = now;
            }
            else if (Clock.GetElapsedTime(database.UnusedSince, now) > _config.AutodbIdleTimeout)
            {
                Forget(database);
            }
        }
    }

    private void Forget(DatabaseState database)
    {
        lock (_changes)
        {
            _databases.TryRemove(database.Name, out _);

            // Not retired: a login that found the database a moment ago gets a new pool of the same name and works on.
            foreach (ServerPool pool in _pools.Values.Where(pool => pool.Database == database))
            {
                _pools.TryRemove((database.Name, pool.User.Name), out _);
                pool.Forgotten();
            }
        }

        LogForgotten(Logger, database.Name);
    }

    [LoggerMessage(4005, LogLevel.Information, "cleaning up unused auto-database: db={Database}")]
    private static partial void LogForgotten(ILogger logger, string database);
}
