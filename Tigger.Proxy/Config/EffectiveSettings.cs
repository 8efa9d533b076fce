namespace Tigger.Config;

/// <summary>
/// What holds for one user in one database, after PgBouncer's precedence: user over database over global, where each
/// level has the key at all. Limits and most timeouts treat an explicit 0 below the global level as "not set", exactly
/// as PgBouncer does.
/// </summary>
public sealed record EffectiveSettings
{
    public required PoolMode PoolMode { get; init; }

    /// <summary>Servers in the pool; 0 = unlimited.</summary>
    public required int PoolSize { get; init; }

    /// <summary>Servers kept open, never above <see cref="PoolSize"/>.</summary>
    public required int MinPoolSize { get; init; }

    public required int ReservePoolSize { get; init; }

    /// <summary>Servers of the database; 0 = unlimited.</summary>
    public required int MaxDbConnections { get; init; }

    /// <summary>Clients of the database; 0 = unlimited.</summary>
    public required int MaxDbClientConnections { get; init; }

    /// <summary>Servers of the user; 0 = unlimited.</summary>
    public required int MaxUserConnections { get; init; }

    /// <summary>Clients of the user; 0 = unlimited.</summary>
    public required int MaxUserClientConnections { get; init; }

    public required TimeSpan ServerLifetime { get; init; }

    /// <summary>Zero = no limit, like the other timeouts.</summary>
    public required TimeSpan QueryTimeout { get; init; }

    public required TimeSpan QueryWaitTimeout { get; init; }

    public required TimeSpan ClientIdleTimeout { get; init; }

    public required TimeSpan IdleTransactionTimeout { get; init; }

    public required TimeSpan TransactionTimeout { get; init; }

    public required DataPathMode DataPath { get; init; }

    public required DirtyServerMode DirtyServer { get; init; }

    public required bool ServerFresh { get; init; }

    /// <summary>Where the servers are, never empty.</summary>
    public required ValueList<string> Hosts { get; init; }

    public required string? AuthUser { get; init; }

    public required string AuthQuery { get; init; }

    /// <summary>Null = the database the client asked for.</summary>
    public required string? AuthDbname { get; init; }

    /// <param name="config">The global level.</param>
    /// <param name="database">From <see cref="TiggerConfig.FindDatabase"/>.</param>
    /// <param name="user">The entry of the user whose pool it is, if there is one.</param>
    public static EffectiveSettings For(TiggerConfig config, DatabaseConfig database, UserConfig? user)
    {
        var poolSize = user?.PoolSize ?? database.PoolSize ?? config.DefaultPoolSize;
        var minPoolSize = database.MinPoolSize ?? config.MinPoolSize;
        return new EffectiveSettings
        {
            PoolMode = user?.PoolMode ?? database.PoolMode ?? config.PoolMode,
            PoolSize = poolSize,
            MinPoolSize = poolSize == 0 ? minPoolSize : Math.Min(minPoolSize, poolSize),
            ReservePoolSize = user?.ReservePoolSize ?? database.ReservePoolSize ?? config.ReservePoolSize,
            MaxDbConnections = Positive(database.MaxDbConnections) ?? config.MaxDbConnections,
            MaxDbClientConnections = Positive(database.MaxDbClientConnections) ?? config.MaxDbClientConnections,
            MaxUserConnections = Positive(user?.MaxUserConnections) ?? config.MaxUserConnections,
            MaxUserClientConnections = Positive(user?.MaxUserClientConnections) ?? config.MaxUserClientConnections,
            ServerLifetime = Positive(database.ServerLifetime) ?? config.ServerLifetime,
            QueryTimeout = Positive(user?.QueryTimeout) ?? config.QueryTimeout,
            QueryWaitTimeout = user?.QueryWaitTimeout ?? database.QueryWaitTimeout ?? config.QueryWaitTimeout,
            ClientIdleTimeout = Positive(user?.ClientIdleTimeout) ?? config.ClientIdleTimeout,
            IdleTransactionTimeout = Positive(user?.IdleTransactionTimeout) ?? config.IdleTransactionTimeout,
            TransactionTimeout = Positive(user?.TransactionTimeout) ?? config.TransactionTimeout,
            DataPath = database.DataPath ?? config.DataPath,
            DirtyServer = database.DirtyServer ?? config.DirtyServer,
            ServerFresh = database.ServerFresh ?? config.ServerFresh,
            Hosts = HostsOf(config, database),
            AuthUser = database.AuthUser ?? config.AuthUser,
            AuthQuery = database.AuthQuery ?? config.AuthQuery,
            AuthDbname = database.AuthDbname ?? config.AuthDbname,
        };
    }

    /// <summary>
    /// Where a database's servers are. Without <c>host</c> that is the Unix socket in <c>unix_socket_dir</c>, as in
    /// PgBouncer. Its packages change the compiled default to suit the distribution, so while the setting stands at its
    /// default (or is off) the directory is /var/run/postgresql where that exists, else /tmp.
    /// </summary>
    public static ValueList<string> HostsOf(TiggerConfig config, DatabaseConfig database)
    {
        if (database.Host.Count > 0)
            return database.Host;
        var directory = config.UnixSocketDir;
        return directory is "" or TiggerConfig.DefaultUnixSocketDir ? [ConfigPaths.DefaultSocketDirectory] : [directory];
    }

    private static int? Positive(int? value) => value > 0 ? value : null;

    private static TimeSpan? Positive(TimeSpan? value) => value > TimeSpan.Zero ? value : null;
}
