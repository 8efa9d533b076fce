using static Tigger.Config.SettingFactory<Tigger.Config.DatabaseConfig>;

namespace Tigger.Config;

/// <summary>The keys of an entry of <c>databases</c>.</summary>
public static class DatabaseKeys
{
    public static KeyTable<DatabaseConfig> Table { get; } = new(
    [
        OptName("dbname", Limits.DatabaseNameBytes, d => d.DbName, (d, v) => d with { DbName = v }, "Database on the server; not set = the name clients ask for."),
        Hosts("host", "", d => d.Host, (d, v) => d with { Host = v }, "Hosts, socket directories (/dir) or abstract sockets (@name); empty = the local Unix socket."),
        Ports("port", "5432", d => d.Ports, (d, v) => d with { Ports = v }, "TCP port, or suffix of the Unix socket; a list has one for each host."),
        OptName("user", Limits.UserNameBytes, d => d.User, (d, v) => d with { User = v }, "Server user for every client; not set = each client's own name."),
        Password("password", d => d.Password, (d, v) => d with { Password = v }, "Password of user; not set = the one in auth_file."),
        OptName("auth_user", Limits.UserNameBytes, d => d.AuthUser, (d, v) => d with { AuthUser = v }, "Overrides auth_user."),
        OptText("auth_query", d => d.AuthQuery, (d, v) => d with { AuthQuery = v }, "Overrides auth_query."),
        AuthDbname("auth_dbname", d => d.AuthDbname, (d, v) => d with { AuthDbname = v }, "Overrides auth_dbname."),
        OptCount("pool_size", d => d.PoolSize, (d, v) => d with { PoolSize = v }, "Overrides default_pool_size; 0 = unlimited."),
        OptCount("min_pool_size", d => d.MinPoolSize, (d, v) => d with { MinPoolSize = v }, "Overrides min_pool_size."),
        OptCount("reserve_pool_size", d => d.ReservePoolSize, (d, v) => d with { ReservePoolSize = v }, "Overrides reserve_pool_size.").Alias("reserve_pool"),
        OptText("connect_query", d => d.ConnectQuery, (d, v) => d with { ConnectQuery = v }, "Query run on each new server before clients may use it."),
        OptChoice("pool_mode", Choices.PoolModes, d => d.PoolMode, (d, v) => d with { PoolMode = v }, "Overrides pool_mode."),
        Choice("load_balance_hosts", "round-robin", Choices.LoadBalancing, d => d.LoadBalanceHosts, (d, v) => d with { LoadBalanceHosts = v }, "Which host of a list a new server uses: round-robin, or disable = the same until it fails."),
        Choice("target_session_attrs", "any", Choices.SessionAttributes, d => d.TargetSessionAttrs, (d, v) => d with { TargetSessionAttrs = v }, "Which servers of a host list may be used: any, read-write, read-only, primary, standby or prefer-standby, as in libpq.").OwnToTigger(),
        OptCount("max_db_connections", d => d.MaxDbConnections, (d, v) => d with { MaxDbConnections = v }, "Overrides max_db_connections."),
        OptCount("max_db_client_connections", d => d.MaxDbClientConnections, (d, v) => d with { MaxDbClientConnections = v }, "Overrides max_db_client_connections."),
        OptSeconds("server_lifetime", d => d.ServerLifetime, (d, v) => d with { ServerLifetime = v }, "Overrides server_lifetime; 0 = do not override, as in PgBouncer."),
        OptSeconds("query_wait_timeout", d => d.QueryWaitTimeout, (d, v) => d with { QueryWaitTimeout = v }, "Overrides query_wait_timeout; 0 = no limit."),
        OptText("client_encoding", d => d.ClientEncoding, (d, v) => d with { ClientEncoding = v }, "client_encoding asked of the server."),
        OptText("datestyle", d => d.Datestyle, (d, v) => d with { Datestyle = v }, "DateStyle asked of the server."),
        OptText("timezone", d => d.Timezone, (d, v) => d with { Timezone = v }, "TimeZone asked of the server."),
        OptText("application_name", d => d.ApplicationName, (d, v) => d with { ApplicationName = v }, "application_name given to the server."),
        OptChoice("data_path", Choices.DataPaths, d => d.DataPath, (d, v) => d with { DataPath = v }, "Overrides data_path.").OwnToTigger(),
        OptChoice("dirty_server", Choices.DirtyServers, d => d.DirtyServer, (d, v) => d with { DirtyServer = v }, "Overrides dirty_server.").OwnToTigger(),
        OptFlag("server_fresh", d => d.ServerFresh, (d, v) => d with { ServerFresh = v }, "Overrides server_fresh.").OwnToTigger(),
        Share("query_log", "0", d => d.QueryLog, (d, v) => d with { QueryLog = v }, "Share of the sessions, 0 to 1, whose transactions are written to query_log_file.").OwnToTigger(),
        Share("trace_sample", "0", d => d.TraceSample, (d, v) => d with { TraceSample = v }, "Share of the transactions, 0 to 1, of which a span is sent to otlp_endpoint; above 0, one whose statement brings a traceparent follows that. 0: none at all.").OwnToTigger(),
        Flag("trace_statements", "0", d => d.TraceStatements, (d, v) => d with { TraceStatements = v }, "Spans have the statements, without literals and comments, as db.query.text.").OwnToTigger(),
    ]);
}
