using Tigger.Config;
using Tigger.Mirroring;

namespace Tigger.Pooling;

/// <summary>A database as clients name it, with what the administrator did to it and how many connections it has.</summary>
public sealed class DatabaseState(string name, DatabaseConfig config, bool isAuto)
{
    private volatile DatabaseConfig _config = config;
    private volatile MirrorGroup? _mirrors;
    private volatile bool _isPaused;
    private volatile bool _isDisabled;
    private int _clients;

    public string Name { get; } = name;

    /// <summary>Made from the fallback database <c>*</c>; forgotten when unused for <c>autodb_idle_timeout</c>.</summary>
    public bool IsAuto { get; internal set; } = isAuto;

    public DatabaseConfig Config
    {
        get => _config;
        internal set => _config = value;
    }

    /// <summary>PAUSE db, or KILL db. Changed by <see cref="PoolRegistry.SetPaused"/> only, which tells the pools.</summary>
    public bool IsPaused
    {
        get => _isPaused;
        internal set => _isPaused = value;
    }

    /// <summary>DISABLE db: no new clients.</summary>
    public bool IsDisabled
    {
        get => _isDisabled;
        internal set => _isDisabled = value;
    }

    /// <summary>Where its transactions are sent on to; null: it has never had a mirror.</summary>
    internal MirrorGroup? Mirrors { get => _mirrors; set => _mirrors = value; }

    /// <summary>Logged-in clients of this database.</summary>
    public int ClientCount => Volatile.Read(ref _clients);

    /// <summary>Open and opening servers; guarded by <see cref="ConnectionLimits"/>.</summary>
    public int ServerCount { get; internal set; }

    /// <summary>Timestamp since when nobody uses it; 0 while somebody does. Only the janitor touches it.</summary>
    internal long UnusedSince { get; set; }

    /// <summary>Counts a client in, unless the database has <paramref name="limit"/> already (0 = no limit).</summary>
    internal bool TryAddClient(int limit)
    {
        if (Interlocked.Increment(ref _clients) > limit && limit > 0)
        {
            Interlocked.Decrement(ref _clients);
            return false;
        }

        return true;
    }

    internal void RemoveClient() => Interlocked.Decrement(ref _clients);
}
