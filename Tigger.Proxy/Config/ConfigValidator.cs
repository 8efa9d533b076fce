namespace Tigger.Config;

/// <summary>
/// The rules between settings. An error is what PgBouncer refuses as well, or what would leave no way in; everything it
/// runs with, however oddly, is a warning, or a working pgbouncer.ini would stop working here.
/// </summary>
internal sealed class ConfigValidator(TiggerConfig config, FaultList faults)
{
    public void Check()
    {
        CheckListening();
        CheckPools();
        CheckLogin();
        CheckClientTls();
        CheckServerTls();
        CheckPeers();
    }

    private IEnumerable<(string Path, DatabaseConfig Database)> Databases() =>
        config.Databases.Values
            .Concat(config.FallbackDatabase is { } fallback ? [fallback] : [])
            .Select(database => ($"databases.{database.Name}", database));

    private void CheckListening()
    {
        if (config.ListenAddr.Count == 0 && config.UnixSocketDir.Length == 0)
            faults.RuleWarning("nothing to listen on but the sockets of a service manager: listen_addr and unix_socket_dir are both empty", "unix_socket_dir", "listen_addr");
        if (config.Databases.Count == 0 && config.FallbackDatabase is null)
            faults.RuleWarning("no database is configured, only the admin console is reachable", "databases");
    }

    private void CheckPools()
    {
        if (config.DefaultPoolSize > 0 && config.MinPoolSize > config.DefaultPoolSize)
            faults.RuleWarning($"{config.MinPoolSize} is more than default_pool_size ({config.DefaultPoolSize}), which caps it", "min_pool_size", "default_pool_size");
        if (config.ReservePoolSize > 0 && config.ReservePoolTimeout == TimeSpan.Zero)
            faults.RuleWarning("has no effect while reserve_pool_timeout is 0", "reserve_pool_size", "reserve_pool_timeout");
        foreach (var (path, database) in Databases())
        {
            var poolSize = database.PoolSize ?? config.DefaultPoolSize;
            var minimum = database.MinPoolSize ?? (database.PoolSize is null ? 0 : config.MinPoolSize);
            if (poolSize > 0 && minimum > poolSize)
                faults.RuleWarning($"{minimum} is more than the pool size ({poolSize}), which caps it", $"{path}.min_pool_size", $"{path}.pool_size");
            if (database.Ports.Count > 1 && database.Ports.Count != database.Host.Count)
                faults.RuleError($"{database.Ports.Count} ports for {database.Host.Count} hosts: one for all or one for each", $"{path}.port", $"{path}.host");
            if (database is { Password: not null, User: null })
                faults.RuleWarning("has no effect without user", $"{path}.password");
            foreach (var (index, mirror) in database.Mirrors.Index())
                CheckMirror($"{path}.{ConfigBuilder.MirrorsKey}[{index}]", mirror, database);
            if (database.QueryLog > 0 && config.QueryLogFile.Length == 0)
                faults.RuleWarning("has no effect without query_log_file", $"{path}.query_log", "query_log_file");
            if (database.TraceSample > 0 && config.OtlpEndpoint.Length == 0)
                faults.RuleWarning("has no effect without otlp_endpoint", $"{path}.trace_sample", "otlp_endpoint");
        }
    }

    private void CheckMirror(string path, MirrorConfig mirror, DatabaseConfig database)
    {
        if (mirror.Host.Count > 1)
            faults.RuleError("a mirror has one host", $"{path}.host", path);
        if (mirror is { Password: not null, User: null })
            faults.RuleWarning("has no effect without user", $"{path}.password");
        if (mirror.Host.Equals(database.Host) && mirror.Port == database.Port && (mirror.DbName ?? database.ServerDbName) == database.ServerDbName)
            faults.RuleError("a mirror cannot be its own primary: all would be done twice", path);
    }

    private void CheckLogin()
    {
        if (config.AuthType == AuthType.Hba && config.AuthHbaFile.Length == 0)
            faults.RuleError("hba needs auth_hba_file", "auth_type", "auth_hba_file");
        if (config.AuthType == AuthType.Any)
        {
            foreach (var (path, _) in Databases().Where(entry => entry.Database.User is null))
                faults.RuleWarning("auth_type any lets clients in only where the database names its user", path, $"{path}.user");
        }

        CheckSecrets();
        foreach (var (path, database) in Databases().Append(("", new DatabaseConfig { Name = "", AuthDbname = config.AuthDbname })))
        {
            if (database.AuthDbname is { } name && config.FindDatabase(name) is null)
                faults.RuleWarning($"database \"{name}\" is not configured", path.Length == 0 ? "auth_dbname" : $"{path}.auth_dbname");
        }
    }

    private void CheckSecrets()
    {
        var checksPasswords = config.AuthType is AuthType.Plain or AuthType.Md5 or AuthType.ScramSha256;
        var hasSecrets = config.AuthFile is not null || config.AuthUser is not null
            || Databases().Any(entry => entry.Database.AuthUser is not null)
            || config.Users.Values.Any(user => user.Password is not null);
        if (checksPasswords && !hasSecrets)
            faults.RuleWarning("nobody can log in: set auth_file, auth_user, or the password of a user", "auth_type", "admin_users", "auth_file", "auth_user");
        if (config.AuthUser is not null && config.AuthQuery.Length == 0)
            faults.RuleWarning("has no effect without auth_query", "auth_user", "auth_query");
    }

    private void CheckClientTls()
    {
        var mode = config.ClientTlsSslmode;
        if (mode != TlsMode.Disable && (config.ClientTlsKeyFile.Length == 0 || config.ClientTlsCertFile.Length == 0))
            faults.RuleError("needs client_tls_key_file and client_tls_cert_file", "client_tls_sslmode", "client_tls_key_file", "client_tls_cert_file");
        if (mode >= TlsMode.VerifyCa && config.ClientTlsCaFile.Length == 0)
            faults.RuleError("needs client_tls_ca_file", "client_tls_sslmode", "client_tls_ca_file");
        if (config.AuthType == AuthType.Cert && mode != TlsMode.VerifyFull)
            faults.RuleError("cert needs client_tls_sslmode verify-full", "auth_type", "client_tls_sslmode");
    }

    private void CheckServerTls()
    {
        if (config.ServerTlsKeyFile.Length > 0 && config.ServerTlsCertFile.Length == 0)
            faults.RuleError("needs server_tls_cert_file", "server_tls_key_file", "server_tls_cert_file");
        if (config.ServerTlsCertFile.Length > 0 && config.ServerTlsKeyFile.Length == 0)
            faults.RuleError("needs server_tls_key_file", "server_tls_cert_file", "server_tls_key_file");
        if (config is { ServerTlsSslnegotiation: TlsNegotiation.Direct, ServerTlsSslmode: < TlsMode.Require })
            faults.RuleError("direct needs server_tls_sslmode require or stronger", "server_tls_sslnegotiation", "server_tls_sslmode");
    }

    private void CheckPeers()
    {
        foreach (var peer in config.Peers.Values)
        {
            if (peer.Host.Count != 1)
                faults.RuleError("a peer needs one host", $"peers.{peer.PeerId}.host", $"peers.{peer.PeerId}");
        }

        if (config.Peers.Count > 0 && config.PeerId == 0)
            faults.RuleWarning("has no effect while peer_id is 0", "peers", "peer_id");
    }
}
