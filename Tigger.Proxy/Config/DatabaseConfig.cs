namespace Tigger.Config;

/// <summary>
/// One entry of <c>databases</c>: where connections to that name go. Null means "as the level above says". Two entries
/// with the same values are equal, which is how a reload finds the changed ones.
/// </summary>
public sealed record DatabaseConfig
{
    /// <summary>The name clients ask for; <c>*</c> in the fallback entry.</summary>
    public required string Name { get; init; }

    /// <summary>Hosts, socket directories (/dir) or abstract sockets (@name); empty = the local Unix socket.</summary>
    public ValueList<string> Host { get; init; } = [];

    /// <summary>TCP ports, or suffixes of the Unix sockets: one for all hosts, or one for each.</summary>
    public ValueList<int> Ports { get; init; } = [5432];

    /// <summary>The port, where one is shown: that of the first host.</summary>
    public int Port
    {
        get => Ports[0];
        init => Ports = [value];
    }

    /// <summary>Name of the database on the server; null = <see cref="Name"/>.</summary>
    public string? DbName { get; init; }

    /// <summary>Server user for every client (PgBouncer's "forced user"); null = each client's own name.</summary>
    public string? User { get; init; }

    /// <summary>Password of <see cref="User"/>; null = the one in auth_file.</summary>
    public string? Password { get; init; }

    public string? AuthUser { get; init; }

    public string? AuthQuery { get; init; }

    public string? AuthDbname { get; init; }

    /// <summary>Servers per user in this database; 0 = unlimited.</summary>
    public int? PoolSize { get; init; }

    public int? MinPoolSize { get; init; }

    public int? ReservePoolSize { get; init; }

    /// <summary>Query run on each new server before clients may use it.</summary>
    public string? ConnectQuery { get; init; }

    public PoolMode? PoolMode { get; init; }

    public LoadBalanceHosts LoadBalanceHosts { get; init; } = LoadBalanceHosts.RoundRobin;

    /// <summary>Which servers may be used.</summary>
    public TargetSessionAttrs TargetSessionAttrs { get; init; }

    public int? MaxDbConnections { get; init; }

    public int? MaxDbClientConnections { get; init; }

    /// <summary>Age at which an unused server is closed, in seconds.</summary>
    public TimeSpan? ServerLifetime { get; init; }

    /// <summary>Longest time a client waits for a server, in seconds; zero = no limit.</summary>
    public TimeSpan? QueryWaitTimeout { get; init; }

    public string? ClientEncoding { get; init; }

    public string? Datestyle { get; init; }

    public string? Timezone { get; init; }

    public string? ApplicationName { get; init; }

    /// <summary>Tigger's own: the data path of this database alone.</summary>
    public DataPathMode? DataPath { get; init; }

    /// <summary>Tigger's own: what happens to a server whose session a client of this database has changed.</summary>
    public DirtyServerMode? DirtyServer { get; init; }

    /// <summary>Tigger's own: every session of session pooling gets a backend that no client has used before.</summary>
    public bool? ServerFresh { get; init; }

    /// <summary>Tigger's own: PostgreSQLs that get this database's transactions, too.</summary>
    public ValueList<MirrorConfig> Mirrors { get; init; } = [];

    /// <summary>Tigger's own: share of the sessions whose transactions go to the query log.</summary>
    public decimal QueryLog { get; init; }

    /// <summary>Tigger's own: share of the transactions of which a span is made; one with a traceparent follows that.</summary>
    public decimal TraceSample { get; init; }

    /// <summary>Tigger's own: spans have the statements' fingerprint.</summary>
    public bool TraceStatements { get; init; }

    /// <summary>Its transactions are told to somebody.</summary>
    public bool IsObserved => Mirrors.Count > 0 || QueryLog > 0 || TraceSample > 0;

    /// <summary>Name of the database on the server, always given.</summary>
    public string ServerDbName => DbName ?? Name;

    /// <summary>The keys that are set, without the password.</summary>
    public override string ToString() =>
        RecordText.Write(Name, this, DatabaseKeys.Table) + string.Concat(Mirrors.Select(mirror => $" mirror {mirror}"));
}
