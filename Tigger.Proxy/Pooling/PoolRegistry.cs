using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Handover;
using Tigger.Telemetry;
using Tigger.Telemetry.Transactions;

namespace Tigger.Pooling;

/// <summary>All databases, users and pools, and what holds for all of them: pause, shutdown, limits across pools.</summary>
public sealed partial class PoolRegistry
{
    private readonly ConcurrentDictionary<string, DatabaseState> _databases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, UserState> _users = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Database, string User), ServerPool> _pools = new();
    private readonly Lock _changes = new();
    private volatile TiggerConfig _config;
    private volatile bool _hasLimits;
    private volatile bool _isPaused;
    private volatile bool _isShuttingDown;
    private volatile bool _isStopping;
    private int _retryScheduled;

    /// <param name="kernel">The kernel path; null: there is none, for the reason in <see cref="NoKernelReason"/>.</param>
    internal PoolRegistry(
        TiggerConfig config, ServerConnector connector, TimeProvider clock, ILogger logger, KernelPools? kernel)
        : this(config, connector, clock, logger) => Kernel = kernel;

    public PoolRegistry(TiggerConfig config, ServerConnector connector, TimeProvider clock, ILogger logger)
    {
        _config = config;
        _hasLimits = HasLimits(config);
        Connector = connector;
        Names.Ttl = (config.DnsMaxTtl, config.DnsNxdomainTtl);
        Names.AddressesGone = OnAddressesGone;
        Clock = clock;
        Logger = logger;
        Tracked = new TrackedParameters(config.TrackExtraParameters);
        Observers = new TransactionObservers(config, clock, Counters, logger);
        foreach (DatabaseConfig database in config.Databases.Values)
        {
            _databases[database.Name] = NewDatabase(database, isAuto: false);
        }
    }

    public TiggerConfig Config => _config;

    /// <summary>PAUSE of everything: released servers close, clients wait.</summary>
    public bool IsPaused => _isPaused;

    /// <summary>SHUTDOWN WAIT_FOR_SERVERS: servers close when released and none is opened.</summary>
    public bool IsShuttingDown
    {
        get => _isShuttingDown;
        internal set => _isShuttingDown = value;
    }

    /// <summary>A shutdown of whatever kind has begun: nobody new logs in.</summary>
    public bool IsStopping
    {
        get => _isStopping;
        internal set => _isStopping = value;
    }

    public ConnectionLimits Limits { get; } = new();

    /// <summary>What has happened since the start of the process.</summary>
    public PoolerCounters Counters { get; } = new();

    public TrackedParameters Tracked { get; }

    /// <summary>The query log and traces.</summary>
    internal TransactionObservers Observers { get; }

    public IEnumerable<ServerPool> Pools => _pools.Values.OrderBy(pool => pool.Name, StringComparer.Ordinal);

    public IEnumerable<DatabaseState> Databases => _databases.Values.OrderBy(database => database.Name, StringComparer.Ordinal);

    public IEnumerable<UserState> Users => _users.Values.OrderBy(user => user.Name, StringComparer.Ordinal);

    /// <summary>Told of a database that a reload took out of the configuration: its clients must go.</summary>
    internal Action<DatabaseState>? DatabaseRemoved { get; set; }

    /// <summary>Null: every byte is relayed in user space.</summary>
    internal KernelPools? Kernel { get; }

    /// <summary>Why there is no kernel path.</summary>
    internal string NoKernelReason { get; init; } = "data_path = user";

    internal ServerConnector Connector { get; }

    internal TimeProvider Clock { get; }

    internal ILogger Logger { get; }

    /// <summary>The database of that name; one made from <c>*</c> when it is not configured; null when there is no fallback.</summary>
    public DatabaseState? FindDatabase(string name)
    {
        if (_databases.TryGetValue(name, out DatabaseState? database))
        {
            return database;
        }

        if (_config.FallbackDatabase is not { } fallback)
        {
            return null;
        }

        lock (_changes)
        {
            return _databases.GetOrAdd(name, _ =>
            {
                LogAutoDatabase(Logger, name);
                return NewDatabase(fallback with { Name = name }, isAuto: true);
            });
        }
    }

    public UserState GetUser(string name) => _users.GetOrAdd(name, static key => new UserState(key));

    /// <summary>The pool that serves a client: that of its own user, or of the user the database forces.</summary>
    internal ServerPool GetPool(DatabaseState database, string clientUser) => GetPoolOf(database, database.Config.User ?? clientUser);

    /// <summary>The pool whose servers are logged in as this user, whoever the database forces (as for auth_query).</summary>
    internal ServerPool GetPoolOf(DatabaseState database, string user)
    {
        ServerPool pool = _pools.GetOrAdd(
            (database.Name, user),
            _ => new ServerPool(this, database, GetUser(user), PoolSettings.From(_config, database.Config, user)));

        // A pause from before it was among the pools did not reach it; by whoever is first to use it, not only by its maker.
        pool.PauseChanged();
        return pool;
    }

    /// <summary>Begins or ends a pause, of everything if no database is named. When it returns every pool keeps to it.</summary>
    internal void SetPaused(DatabaseState? database, bool value)
    {
        if (database is null)
        {
            _isPaused = value;
        }
        else
        {
            database.IsPaused = value;
        }

        foreach (ServerPool pool in _pools.Values)
        {
            pool.PauseChanged();
        }
    }

    /// <summary>
    /// Puts a new configuration in force: pools take their new settings, servers of changed or removed databases close when
    /// released.
    /// </summary>
    internal void Apply(TiggerConfig config)
    {
        lock (_changes)
        {
            _config = config;
            Observers.Apply(config);
            _hasLimits = HasLimits(config);
            Names.Ttl = (config.DnsMaxTtl, config.DnsNxdomainTtl);
            foreach (DatabaseConfig wanted in config.Databases.Values)
            {
                DatabaseState known = _databases.GetOrAdd(
                    wanted.Name, _ => NewDatabase(wanted, isAuto: false));
                known.IsAuto = false;
                Change(known, wanted);
            }

            foreach (DatabaseState database in _databases.Values)
            {
                ApplyFallback(config, database);
            }

            foreach (ServerPool pool in _pools.Values)
            {
                pool.Settings = PoolSettings.From(config, pool.Database.Config, pool.User.Name);
                pool.EnsureServers();
            }
        }
    }

    /// <summary>
    /// Closes the idle server unused for longest that keeps <paramref name="pool"/> from opening one: of the same database,
    /// user, or any, whichever limit is reached. False when there is none.
    /// </summary>
    internal bool EvictFor(ServerPool pool)
    {
        IEnumerable<ServerPool> candidates = _pools.Values.Where(other => other != pool
            && (!ConnectionLimits.IsAtDatabaseLimit(pool) || other.Database == pool.Database)
            && (!ConnectionLimits.IsAtUserLimit(pool) || other.User == pool.User));
        ServerPool? victim = candidates.MinBy(other => other.OldestIdleUse());
        if (victim?.TakeOldestIdle(long.MaxValue) is not { } server)
        {
            return false;
        }

        Counters.Count(PoolerCounter.ServerEvicted);
        victim.CloseServer(server, "evicted");
        return true;
    }

    /// <summary>A server went idle or away: pools that a limit across pools held back may try again, off this thread.</summary>
    internal void ServerBecameFree()
    {
        if (LimitsAcrossPools && Interlocked.Exchange(ref _retryScheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static registry => registry.RetryAll(), this, preferLocal: false);
        }
    }

    private bool LimitsAcrossPools => _hasLimits && _pools.Count > 1;

    private static bool HasLimits(TiggerConfig config) =>
        config.MaxServerConnections > 0 || config.MaxDbConnections > 0 || config.MaxUserConnections > 0
        || config.Databases.Values.Any(database => database.MaxDbConnections > 0)
        || config.FallbackDatabase?.MaxDbConnections > 0
        || config.Users.Values.Any(user => user.MaxUserConnections > 0);

    private void RetryAll()
    {
        Volatile.Write(ref _retryScheduled, 0);
        foreach (ServerPool pool in _pools.Values)
        {
            pool.EnsureServers();
        }
    }

    private void ApplyFallback(TiggerConfig config, DatabaseState database)
    {
        if (!database.IsAuto)
        {
            if (!config.Databases.ContainsKey(database.Name))
            {
                Remove(database);
            }

            return;
        }

        DatabaseConfig? wanted = config.FallbackDatabase is { } fallback
            ? fallback with { Name = database.Name }
            : null;
        if (wanted is null)
        {
            Remove(database);
        }
        else
        {
            Change(database, wanted);
        }
    }

    private void Change(DatabaseState database, DatabaseConfig wanted)
    {
        DatabaseConfig before = database.Config;
        database.Config = wanted;
        ApplyMirrors(database);
        DatabaseConfig sameServers = before with
        {
            Mirrors = wanted.Mirrors,
            QueryLog = wanted.QueryLog,
            TraceSample = wanted.TraceSample,
            TraceStatements = wanted.TraceStatements,
        };
        if (sameServers != wanted)
        {
            ForEachPool(database, pool => pool.CloseWhenReleased("database configuration changed"));
        }
    }

    private void Remove(DatabaseState database)
    {
        database.Mirrors?.Retire();
        _databases.TryRemove(database.Name, out _);
        ForEachPool(database, pool =>
        {
            _pools.TryRemove((database.Name, pool.User.Name), out _);
            pool.Retire();
        });
        DatabaseRemoved?.Invoke(database);
    }

    private void ForEachPool(DatabaseState database, Action<ServerPool> action)
    {
        foreach (ServerPool pool in _pools.Values.Where(pool => pool.Database == database))
        {
            action(pool);
        }
    }

    [LoggerMessage(4004, LogLevel.Information, "registered new auto-database: db={Database}")]
    private static partial void LogAutoDatabase(ILogger logger, string database);
}
