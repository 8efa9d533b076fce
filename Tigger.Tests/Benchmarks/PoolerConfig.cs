namespace Tigger.Benchmarks;

/// <summary>The same pooling, written once for each pooler.</summary>
internal static class PoolerConfig
{
    public static string UserListFile(string directory) => Path.Combine(directory, "userlist.txt");

    public static string PgBouncer(string directory, BenchmarkHosts hosts, int port, int postgresPort, bool prepares, int poolSize, BenchmarkOptions options) =>
        $"""
        [databases]
        {BenchmarkServers.Database} = host={hosts.PostgresHost} port={postgresPort}

        [pgbouncer]
        listen_addr = {hosts.PoolerListen}
        listen_port = {port}
        unix_socket_dir =
        auth_type = trust
        auth_file = {UserListFile(directory)}
        pool_mode = transaction
        default_pool_size = {poolSize}
        max_client_conn = {options.Clients.Max() + 50}
        server_reset_query =
        server_login_retry = 1
        log_connections = 0
        log_disconnections = 0
        server_tls_sslmode = disable
        client_tls_sslmode = {(options.Tls ? "require" : "disable")}
        client_tls_cert_file = {ServerCertificate.File(directory)}
        client_tls_key_file = {ServerCertificate.KeyFile(directory)}
        {(prepares ? "max_prepared_statements = 200" : "")}
        """;

    public static string Tigger(string directory, BenchmarkHosts hosts, int port, int postgresPort, int poolSize, string target, BenchmarkOptions options) =>
        $$"""
        listen_addr: "{{hosts.PoolerListen}}"
        listen_port: {{port}}
        unix_socket_dir: ""
        auth_type: trust
        auth_file: {{UserListFile(directory)}}
        pool_mode: transaction
        server_login_retry: 1
        default_pool_size: {{poolSize}}
        max_client_conn: {{options.Clients.Max() + 50}}
        log_connections: 0
        log_disconnections: 0
        data_path: {{Targets.DataPath(target)}}
        {{(Targets.DataPath(target) == "kernel" ? "kernel_path: force" : "")}}
        server_tls_sslmode: disable
        {{(options.Tls ? $"client_tls_sslmode: require\nclient_tls_cert_file: {ServerCertificate.File(directory)}\nclient_tls_key_file: {ServerCertificate.KeyFile(directory)}" : "")}}
        databases:
          {{BenchmarkServers.Database}}: { host: {{hosts.PostgresHost}}, port: {{postgresPort}}, mirrors: [{{Mirrors(hosts, postgresPort, poolSize, target)}}] }
        """;

    /// <summary>Short enough queues that a mirror that is behind does not work on into the next measurement.</summary>
    private static string Mirrors(BenchmarkHosts hosts, int postgresPort, int poolSize, string target) => string.Join(
        ", ",
        Enumerable.Range(1, Targets.Mirrors(target)).Select(number =>
            $"{{ name: m{number}, host: {hosts.PostgresHost}, port: {postgresPort}, dbname: {BenchmarkServers.MirrorOf(number)}, "
            + $"pool_size: {poolSize}, queue_bytes: 1MiB }}"));

    /// <param name="version">First line of <c>pgbouncer -V</c>: "PgBouncer 1.18.0".</param>
    public static bool KeepsPreparedStatements(string version) =>
        Version.TryParse(version.Split(' ')[^1], out Version? number) && number >= new Version(1, 21);
}
