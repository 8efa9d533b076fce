namespace Tigger.Config;

// Settings of the group "General / pools": PgBouncer's names, meanings and defaults.
public sealed partial record TiggerConfig
{
    /// <summary><c>logfile</c>: Log file; empty = standard error only.</summary>
    public string Logfile { get; init; } = "";

    /// <summary><c>pidfile</c>: Process id file; needed to run as a daemon (-d).</summary>
    public string Pidfile { get; init; } = "";

    /// <summary><c>listen_addr</c>: TCP addresses or names to listen on, * = all; empty = Unix socket only.</summary>
    public ValueList<string> ListenAddr { get; init; } = [];

    /// <summary><c>listen_port</c>: TCP port and Unix socket suffix; 0 lets the kernel choose a free TCP port.</summary>
    public int ListenPort { get; init; } = 6432;

    /// <summary><c>unix_socket_dir</c>: Directory of the Unix socket, also where servers without host are sought; @name = abstract, empty = off.</summary>
    public string UnixSocketDir { get; init; } = DefaultUnixSocketDir;

    /// <summary><c>unix_socket_mode</c>: File mode of the Unix socket, octal when it begins with 0; shown in decimal, as PgBouncer does.</summary>
    public int UnixSocketMode { get; init; } = 511; // 0777

    /// <summary><c>unix_socket_group</c>: Group that owns the Unix socket; empty = unchanged.</summary>
    public string UnixSocketGroup { get; init; } = "";

    /// <summary><c>user</c>: Unix user to become after start; not set = stay.</summary>
    public string? User { get; init; }

    /// <summary><c>pool_mode</c>: When a server goes back to the pool: session, transaction or statement.</summary>
    public PoolMode PoolMode { get; init; }

    /// <summary><c>max_client_conn</c>: Client connections allowed in all.</summary>
    public int MaxClientConn { get; init; } = 100;

    /// <summary><c>default_pool_size</c>: Servers per user and database pair; 0 = unlimited.</summary>
    public int DefaultPoolSize { get; init; } = 20;

    /// <summary><c>min_pool_size</c>: Servers kept open in a pool that has clients or a forced user.</summary>
    public int MinPoolSize { get; init; }

    /// <summary><c>reserve_pool_size</c>: Extra servers a pool may open when clients have waited reserve_pool_timeout; 0 = none.</summary>
    public int ReservePoolSize { get; init; }

    /// <summary><c>reserve_pool_timeout</c>: How long a client waits before the reserve is used; 0 = reserve off. In seconds.</summary>
    public TimeSpan ReservePoolTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>max_db_connections</c>: Servers per database, all users together; 0 = unlimited.</summary>
    public int MaxDbConnections { get; init; }

    /// <summary><c>max_db_client_connections</c>: Clients per database; 0 = unlimited.</summary>
    public int MaxDbClientConnections { get; init; }

    /// <summary><c>max_user_connections</c>: Servers per user, all databases together; 0 = unlimited.</summary>
    public int MaxUserConnections { get; init; }

    /// <summary><c>max_user_client_connections</c>: Clients per user; 0 = unlimited.</summary>
    public int MaxUserClientConnections { get; init; }

    /// <summary><c>server_round_robin</c>: 1 = reuse idle servers in turn, 0 = the most recently used first.</summary>
    public bool ServerRoundRobin { get; init; }

    /// <summary><c>track_extra_parameters</c>: Further parameters the server reports, to remember per client and replay.</summary>
    public ValueList<string> TrackExtraParameters { get; init; } = ["IntervalStyle"];

    /// <summary><c>ignore_startup_parameters</c>: Startup parameters to drop silently instead of refusing the client.</summary>
    public ValueList<string> IgnoreStartupParameters { get; init; } = [];

    /// <summary><c>peer_id</c>: Id of this process in a group of peers; 0 = no peering.</summary>
    public int PeerId { get; init; }

    /// <summary><c>disable_pqexec</c>: Refuse the simple query protocol.</summary>
    public bool DisablePqexec { get; init; }

    /// <summary><c>application_name_add_host</c>: Append the client address and port to application_name at login.</summary>
    public bool ApplicationNameAddHost { get; init; }

    /// <summary><c>conffile</c>: Configuration file that the next reload reads.</summary>
    public string? Conffile { get; init; }

    /// <summary><c>job_name</c>: Name of the service; service_name is the same setting.</summary>
    public string JobName { get; init; } = "pgbouncer";

    /// <summary><c>stats_period</c>: Interval of the averages in SHOW STATS and of the statistics log line. In seconds.</summary>
    public TimeSpan StatsPeriod { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>max_prepared_statements</c>: Prepared statements kept per server in transaction and statement mode; 0 = not tracked.</summary>
    public int MaxPreparedStatements { get; init; } = 200;

    /// <summary><c>scram_iterations</c>: Iterations when a plain password is turned into a SCRAM secret.</summary>
    public int ScramIterations { get; init; } = 4096;

    /// <summary><c>data_path</c>: Where bytes are relayed: kernel (eBPF), user space, or auto = kernel when available.</summary>
    public DataPathMode DataPath { get; init; }

    /// <summary><c>kernel_path</c>: force = use the kernel path for remote ends on kernels known to corrupt data, and where it does not pay, too; for tests only.</summary>
    public KernelPathMode KernelPath { get; init; }

    /// <summary><c>kernel_budget</c>: Bytes that a receiver may have unread on the kernel path; beyond it the rest of the transaction is relayed at its pace.</summary>
    public int KernelBudget { get; init; } = 256 * 1024;

    /// <summary><c>kernel_mirror_buffer</c>: Bytes that requests of mirrored sessions may take on the kernel path until they are read; rounded up to a power of two.</summary>
    public long KernelMirrorBuffer { get; init; } = Kernel.KernelPath.DefaultCopyBytes;

    /// <summary><c>metrics_listen</c>: Address (host:port) of the metrics and status listener; empty = off.</summary>
    public string MetricsListen { get; init; } = "";

    /// <summary><c>max_server_connections</c>: Server connections over all pools together; 0 = no global cap.</summary>
    public int MaxServerConnections { get; init; }

    /// <summary><c>dirty_server</c>: What happens to a server whose session a client of transaction pooling has changed: reset, pin, warn or ignore.</summary>
    public DirtyServerMode DirtyServer { get; init; }

    /// <summary><c>server_fresh</c>: In session mode, give every session a backend that no client has used before.</summary>
    public bool ServerFresh { get; init; }

    /// <summary><c>threads</c>: Event loops; 0 = one per core.</summary>
    public int Threads { get; init; }
}
