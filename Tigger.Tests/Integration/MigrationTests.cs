using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>
/// One pgbouncer.ini with every kind of setting that Debian's PgBouncer knows, run under it and under Tigger: what clients and
/// administrators see has to be the same.
/// </summary>
public sealed class MigrationTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string Timeouts = """
        # as of the fair
        server_reset_query = DISCARD ALL; -- 100%
        server_reset_query_always = 0
        server_check_delay = 30
        server_check_query = select 1
        server_fast_close = 0
        server_lifetime = 1e3
        server_idle_timeout = 600.5
        server_connect_timeout = 15
        server_login_retry = 1
        client_login_timeout = 60
        autodb_idle_timeout = 3600
        dns_max_ttl = 15
        dns_nxdomain_ttl = 15
        dns_zone_check_period = 0
        query_timeout = 0
        query_wait_timeout = 1
        client_idle_timeout = 0
        idle_transaction_timeout = 3
        suspend_timeout = 10
        """;

    [Fact]
    public async Task Binary_is_swapped_and_nobody_notices()
    {
        Assert.SkipWhen(PoolerProgram.IsReference, "compares the two itself");
        var expected = await TranscriptAsync(IniPooler.PgBouncer);
        var seen = await TranscriptAsync(PoolerProgram.Tigger);
        var differences = expected.Except(seen).Select(line => $"- {line}").Concat(seen.Except(expected).Select(line => $"+ {line}"));
        Assert.True(expected.SequenceEqual(seen), string.Join('\n', differences));
    }

    private async Task<IReadOnlyList<string>> TranscriptAsync(string program)
    {
        await using var pooler = new IniPooler();
        pooler.Write("pgbouncer.ini", MainFile(pooler));
        pooler.Write("timeouts.ini", Timeouts);
        pooler.Write("users.txt", $"""
            ; the pooler's users
            "{Roles.Superuser}" "boss"
            "{Roles.Md5}" "{Roles.PasswordOf(Roles.Md5)}"
            "{Roles.Alice}" "wonder ""land"
            "{Roles.Bob}" "builder"

            """);
        await pooler.StartAsync(program);
        var transcript = new MigrationTranscript(pooler);
        await transcript.LoginsAsync();
        await transcript.PoolingAsync();
        await transcript.LimitsAsync();
        await transcript.ConsoleAsync();
        pooler.Write("pgbouncer.ini", MainFile(pooler).Replace("default_pool_size = 2", "default_pool_size = 4\nlisten_backlog = 77", StringComparison.Ordinal));
        await transcript.ReloadAsync();
        await transcript.EndAsync();
        return transcript.Lines;
    }

    private string MainFile(IniPooler pooler) => $"""
        ;; The pooler in front of the shop. A comment has a line of its own; # and ; mean nothing further on.
        [databases]
        shop = host=127.0.0.1 port={Postgres.Port} dbname={ServerDatabase}
        forced = host=127.0.0.1 port={Postgres.Port} dbname={ServerDatabase} user={Roles.Md5} password='{Roles.PasswordOf(Roles.Md5)}' connect_query='SET search_path = ''a;b#c''' client_encoding=LATIN1 datestyle=German timezone=Asia/Tokyo application_name=forced
        single = host=127.0.0.1 port = {Postgres.Port} dbname={ServerDatabase} pool_mode=statement pool_size=1 min_pool_size=0 reserve_pool=1 max_db_connections=1
        local = host={Postgres.SocketDirectory} port={Postgres.Port} dbname={ServerDatabase} auth_user={Roles.Superuser}
        many = host=127.0.0.1,127.0.0.1 port={Postgres.Port} dbname={ServerDatabase}
        * = host=127.0.0.1 port={Postgres.Port}

        [users]
        {Roles.Alice} = pool_mode=session max_user_connections=1
        {Roles.Bob}=pool_mode=transaction

        [pgbouncer]
        logfile = {pooler.LogFile}
        pidfile = {pooler.PidFile}
        listen_addr = 127.0.0.1
        listen_port = {pooler.Port}
        listen_backlog = 64
        unix_socket_dir = {pooler.Home}
        unix_socket_mode = 0750
        unix_socket_group = {AccountLine("")}
        {AccountLine("user = ")}
        pool_mode = transaction
        max_client_conn = 0x10
          default_pool_size = 2
        min_pool_size=0
        reserve_pool_size = 0
        reserve_pool_timeout = 2.5
        max_db_connections = 050
        max_user_connections = 0
        server_round_robin = 0
        ignore_startup_parameters = extra_float_digits, ssl_renegotiation_limit
        disable_pqexec = 0
        application_name_add_host = 1
        job_name = shop
        stats_period = 30
        ; who may come in
        auth_type = MD5
        auth_file = {pooler.Home}/users.txt
        auth_hba_file =
        auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename=$1
        admin_users = {Roles.Superuser}, somebody
        stats_users = {Roles.Md5}
        ; what is said where
        syslog = 0
        syslog_ident = shop
        syslog_facility = local3
        log_connections = 1
        log_disconnections = 1
        log_pooler_errors = 1
        log_stats = 0
        verbose = 0
        %include timeouts.ini
        client_tls_sslmode = disable
        client_tls_protocols = secure
        client_tls_ciphers = default
        client_tls_dheparams = auto
        client_tls_ecdhcurve = auto
        server_tls_sslmode = disable
        server_tls_protocols = secure
        server_tls_ciphers = default
        pkt_buf = 4096
        max_packet_size = 2147483647
        sbuf_loopcnt = 5
        so_reuseport = 0
        tcp_defer_accept = 0
        tcp_socket_buffer = 0
        tcp_keepalive = 1
        tcp_keepcnt = 3
        tcp_keepidle = 30
        tcp_keepintvl = 10
        tcp_user_timeout = 1000
        """;

    /// <summary>Only root can become another user and give it files.</summary>
    private static string AccountLine(string prefix) => ServiceAccount.Unprivileged is { } account ? $"{prefix}{account.Name}" : "";
}
