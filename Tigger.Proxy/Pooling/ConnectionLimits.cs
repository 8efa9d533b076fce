namespace Tigger.Pooling;

/// <summary>
/// Counts servers across pools: per database (<c>max_db_connections</c>), per user (<c>max_user_connections</c>) and in all
/// (<c>max_server_connections</c>). A server counts from the moment it is about to be opened until it is closed.
/// </summary>
public sealed class ConnectionLimits
{
    private readonly Lock _lock = new();
    private int _total;

    public int Total => Volatile.Read(ref _total);

    /// <summary>Counts one more server in, if every limit allows it.</summary>
    internal bool TryAdd(ServerPool pool)
    {
        lock (_lock)
        {
            if (IsAtDatabaseLimit(pool) || IsAtUserLimit(pool) || IsAtTotalLimit(pool))
            {
                return false;
            }

            Count(pool);
            return true;
        }
    }

    /// <summary>Counts in one that is there, whatever the limits say.</summary>
    internal void Add(ServerPool pool)
    {
        lock (_lock)
        {
            Count(pool);
        }
    }

    internal void Remove(ServerPool pool)
    {
        lock (_lock)
        {
            pool.Database.ServerCount--;
            pool.User.ServerCount--;
            _total--;
        }
    }

    private void Count(ServerPool pool)
    {
        pool.Database.ServerCount++;
        pool.User.ServerCount++;
        _total++;
    }

    internal static bool IsAtDatabaseLimit(ServerPool pool) =>
        pool.Settings.Effective.MaxDbConnections is > 0 and var limit && pool.Database.ServerCount >= limit;

    internal static bool IsAtUserLimit(ServerPool pool) =>
        pool.Settings.Effective.MaxUserConnections is > 0 and var limit && pool.User.ServerCount >= limit;

    internal bool IsAtTotalLimit(ServerPool pool) =>
        pool.Settings.Global.MaxServerConnections is > 0 and var limit && _total >= limit;
}
