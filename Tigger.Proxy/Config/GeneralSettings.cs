using static Tigger.Config.SettingFactory<Tigger.Config.TiggerConfig>;

namespace Tigger.Config;

/// <summary>The table entries of the group "General / pools".</summary>
internal static class GeneralSettings
{
    public static IReadOnlyList<Setting<TiggerConfig>> Entries { get; } =
    [
        Path("logfile", "", c => c.Logfile, (c, v) => c with { Logfile = v }, "Log file; empty = standard error only."),
        Path("pidfile", "", c => c.Pidfile, (c, v) => c with { Pidfile = v }, "Process id file; needed to run as a daemon (-d).").NeedsRestart(),
        Listen("listen_addr", "", c => c.ListenAddr, (c, v) => c with { ListenAddr = v }, "TCP addresses or names to listen on, * = all; empty = Unix socket only.").NeedsRestart(),
        Int("listen_port", "6432", 0, 65535, c => c.ListenPort, (c, v) => c with { ListenPort = v }, "TCP port and Unix socket suffix; 0 lets the kernel choose a free TCP port.").NeedsRestart(),
        Path("unix_socket_dir", "/tmp", c => c.UnixSocketDir, (c, v) => c with { UnixSocketDir = v }, "Directory of the Unix socket, also where servers without host are sought; @name = abstract, empty = off.").NeedsRestart(),
        FileMode("unix_socket_mode", "0777", c => c.UnixSocketMode, (c, v) => c with { UnixSocketMode = v }, "File mode of the Unix socket, octal when it begins with 0; shown in decimal, as PgBouncer does.").NeedsRestart(),
        Text("unix_socket_group", "", c => c.UnixSocketGroup, (c, v) => c with { UnixSocketGroup = v }, "Group that owns the Unix socket; empty = unchanged.").NeedsRestart(),
        OptText("user", c => c.User, (c, v) => c with { User = v }, "Unix user to become after start; not set = stay.").NeedsRestart(),
        Choice("pool_mode", "session", Choices.PoolModes, c => c.PoolMode, (c, v) => c with { PoolMode = v }, "When a server goes back to the pool: session, transaction or statement."),
        Int("max_client_conn", "100", c => c.MaxClientConn, (c, v) => c with { MaxClientConn = v }, "Client connections allowed in all."),
        Int("default_pool_size", "20", c => c.DefaultPoolSize, (c, v) => c with { DefaultPoolSize = v }, "Servers per user and database pair; 0 = unlimited."),
        Int("min_pool_size", "0", c => c.MinPoolSize, (c, v) => c with { MinPoolSize = v }, "Servers kept open in a pool that has clients or a forced user."),
        Int("reserve_pool_size", "0", c => c.ReservePoolSize, (c, v) => c with { ReservePoolSize = v }, "Extra servers a pool may open when clients have waited reserve_pool_timeout; 0 = none."),
        Seconds("reserve_pool_timeout", "5", c => c.ReservePoolTimeout, (c, v) => c with { ReservePoolTimeout = v }, "How long a client waits before the reserve is used; 0 = reserve off."),
        Int("max_db_connections", "0", c => c.MaxDbConnections, (c, v) => c with { MaxDbConnections = v }, "Servers per database, all users together; 0 = unlimited."),
        Int("max_db_client_connections", "0", c => c.MaxDbClientConnections, (c, v) => c with { MaxDbClientConnections = v }, "Clients per database; 0 = unlimited."),
        Int("max_user_connections", "0", c => c.MaxUserConnections, (c, v) => c with { MaxUserConnections = v }, "Servers per user, all databases together; 0 = unlimited."),
        Int("max_user_client_connections", "0", c => c.MaxUserClientConnections, (c, v) => c with { MaxUserClientConnections = v }, "Clients per user; 0 = unlimited."),
        Flag("server_round_robin", "0", c => c.ServerRoundRobin, (c, v) => c with { ServerRoundRobin = v }, "1 = reuse idle servers in turn, 0 = the most recently used first."),
        List("track_extra_parameters", "IntervalStyle", c => c.TrackExtraParameters, (c, v) => c with { TrackExtraParameters = v }, "Further parameters the server reports, to remember per client and replay.").NeedsRestart(),
        List("ignore_startup_parameters", "", c => c.IgnoreStartupParameters, (c, v) => c with { IgnoreStartupParameters = v }, "Startup parameters to drop silently instead of refusing the client."),
        Int("peer_id", "0", 0, 16383, c => c.PeerId, (c, v) => c with { PeerId = v }, "Id of this process in a group of peers; 0 = no peering."),
        Flag("disable_pqexec", "0", c => c.DisablePqexec, (c, v) => c with { DisablePqexec = v }, "Refuse the simple query protocol.").NeedsRestart(),
        Flag("application_name_add_host", "0", c => c.ApplicationNameAddHost, (c, v) => c with { ApplicationNameAddHost = v }, "Append the client address and port to application_name at login."),
        OptPath("conffile", c => c.Conffile, (c, v) => c with { Conffile = v }, "Configuration file that the next reload reads."),
        Text("job_name", "pgbouncer", c => c.JobName, (c, v) => c with { JobName = v }, "Name of the service; service_name is the same setting.").Alias("service_name").NeedsRestart(),
        WholeSeconds("stats_period", "60", c => c.StatsPeriod, (c, v) => c with { StatsPeriod = v }, "Interval of the averages in SHOW STATS and of the statistics log line."),
        Int("max_prepared_statements", "200", c => c.MaxPreparedStatements, (c, v) => c with { MaxPreparedStatements = v }, "Prepared statements kept per server in transaction and statement mode; 0 = not tracked."),
        Int("scram_iterations", "4096", 1, int.MaxValue, c => c.ScramIterations, (c, v) => c with { ScramIterations = v }, "Iterations when a plain password is turned into a SCRAM secret."),
        Choice("data_path", "auto", Choices.DataPaths, c => c.DataPath, (c, v) => c with { DataPath = v }, "Where bytes are relayed: kernel (eBPF), user space, or auto = kernel when available.").OwnToTigger(),
        Choice("kernel_path", "auto", Choices.KernelPaths, c => c.KernelPath, (c, v) => c with { KernelPath = v }, "force = use the kernel path for remote ends on kernels known to corrupt data, and where it does not pay, too; for tests only.").NeedsRestart().OwnToTigger(),
        Int("kernel_budget", "262144", 8192, 64 * 1024 * 1024, c => c.KernelBudget, (c, v) => c with { KernelBudget = v }, "Bytes that a receiver may have unread on the kernel path; beyond it the rest of the transaction is relayed at its pace.").OwnToTigger(),
        Size("kernel_mirror_buffer", "4194304", 64 * 1024, 1024 * 1024 * 1024, c => c.KernelMirrorBuffer, (c, v) => c with { KernelMirrorBuffer = v }, "Bytes that requests of mirrored and recorded sessions may take on the kernel path until they are read; rounded up to a power of two.").NeedsRestart().OwnToTigger(),
        Endpoint("metrics_listen", "", c => c.MetricsListen, (c, v) => c with { MetricsListen = v }, "Address (host:port) of the metrics and status listener; empty = off.").NeedsRestart().OwnToTigger(),
        Int("max_server_connections", "0", c => c.MaxServerConnections, (c, v) => c with { MaxServerConnections = v }, "Server connections over all pools together; 0 = no global cap.").OwnToTigger(),
        Choice("dirty_server", "warn", Choices.DirtyServers, c => c.DirtyServer, (c, v) => c with { DirtyServer = v }, "What happens to a server whose session a client of transaction pooling has changed: reset, pin (to the client), warn or ignore.").OwnToTigger(),
        Flag("server_fresh", "0", c => c.ServerFresh, (c, v) => c with { ServerFresh = v }, "In session mode, give every session a backend that no client has used before.").OwnToTigger(),
        Int("threads", "0", 0, 1024, c => c.Threads, (c, v) => c with { Threads = v }, "Event loops; 0 = one per core.").NeedsRestart().OwnToTigger(),
    ];
}
