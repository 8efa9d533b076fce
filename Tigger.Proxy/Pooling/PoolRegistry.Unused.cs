using Microsoft.Extensions.Logging;

namespace Tigger.Pooling;

/// <summary>Databases that were made from <c>*</c>, and pools, that nobody uses any more; and pools that nobody has used yet.</summary>
public sealed partial class PoolRegistry
{
    /// <summary>
    /// Forgets automatic databases without clients and servers for <c>autodb_idle_timeout</c>, and their pools with their
    /// counts. One that an administrator paused or disabled stays, or the next login would undo that.
    /// </summary>
    internal void ForgetUnused(long now)
    {
        ForgetUnusedPools(now);
        if (_config.AutodbIdleTimeout == TimeSpan.Zero)
        {
            return;
        }

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

    /// <summary>Makes the pools whose <c>min_pool_size</c> holds without any client: the database says who their user is.</summary>
    internal void FillForcedPools()
    {
        foreach (DatabaseState database in _databases.Values)
        {
            if (database.Config.User is { } user && (database.Config.MinPoolSize ?? _config.MinPoolSize) > 0 && !_pools.ContainsKey((database.Name, user)))
            {
                GetPool(database, user);
            }
        }
    }

    /// <summary>Forgets pools without clients and servers for <c>pool_idle_timeout</c>, with their counts.</summary>
    private void ForgetUnusedPools(long now)
    {
        TimeSpan patience = _config.PoolIdleTimeout;
        foreach (ServerPool pool in patience > TimeSpan.Zero ? _pools.Values : [])
        {
            if (pool.UnusedFor(now) <= patience)
            {
                continue;
            }

            lock (_changes)
            {
                _pools.TryRemove((pool.Database.Name, pool.User.Name), out _);
                pool.Forgotten();
            }

            LogPoolForgotten(Logger, pool.Name);
        }
    }

    private void Forget(DatabaseState database)
    {
        lock (_changes)
        {
            _databases.TryRemove(database.Name, out _);
            database.Mirrors?.CloseIdle();

            // Not retired: a login that found the database a moment ago gets a new pool of the same name and works on.
            foreach (ServerPool pool in _pools.Values.Where(pool => pool.Database == database))
            {
                _pools.TryRemove((database.Name, pool.User.Name), out _);
                pool.Forgotten();
            }
        }

        LogForgotten(Logger, database.Name);
    }

    [LoggerMessage(4005, LogLevel.Warning, "dropping database '{Database}' as it does not exist anymore or inactive auto-database")]
    private static partial void LogForgotten(ILogger logger, string database);

    [LoggerMessage(4007, LogLevel.Information, "{Pool}: cleaning up idle pool")]
    private static partial void LogPoolForgotten(ILogger logger, string pool);
}
