using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>-R: a new process takes the clients of the running one over, and they do not notice.</summary>
public sealed class OnlineRestartTests(PostgresServer postgres) : TlsTest(postgres)
{
    private const string AdminShutdown = "57P01";
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    [Theory]
    [EachDataPath]
    public async Task Idle_clients_keep_their_sessions(DataPath path)
    {
        using var directory = new TempDirectory("sock");
        var pooler = await StartAsync(path, config => config.Set("unix_socket_dir", directory.Path));
        await using var silent = await pooler.ClientAsync();
        await using var used = await pooler.ClientAsync(parameters: ("application_name", "used"));
        await used.ScalarAsync("SET DateStyle = 'German'");
        await used.SendAsync(Frontend.Concat(Frontend.Parse("SELECT 'prepared before'", "mine"), Frontend.Sync));
        (await used.ReadReplyAsync()).Succeeded();
        await using var local = await RawClient.ConnectUnixAsync(Socket(directory, pooler));
        await local.LoginAsync(Roles.Superuser, Database);

        await using var before = await RestartAsync(pooler);
        await EndedAsync(before);
        Assert.Equal("1", await silent.ScalarAsync("SELECT 1"));
        Assert.Equal("2", await local.ScalarAsync("SELECT 2"));
        Assert.Equal("German, DMY", await used.ScalarAsync("SHOW DateStyle"));
        Assert.Equal("used", await used.ScalarAsync("SHOW application_name"));
        await used.SendAsync(Frontend.Concat(Frontend.Bind("mine"), Frontend.Execute(), Frontend.Sync));
        Assert.Equal("prepared before", (await used.ReadReplyAsync()).Scalar);

        // The key it has from the old process.
        await used.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
        await Eventually.EqualAsync(1, () => Postgres.CountBackendsAsync(ServerDatabase, "wait_event = 'PgSleep'"), "sleeping backends");
        await pooler.CancelAsync(used.Pid, used.Secret);
        Assert.Equal("57014", (await used.ReadReplyAsync()).SqlState);

        await using var late = await pooler.ClientAsync();
        Assert.Equal("3", await late.ScalarAsync("SELECT 3"));
        await using var admin = await pooler.AdminAsync();
        Assert.Equal(3, (await admin.CountersAsync())["client_taken_over"]);
    }

    /// <summary>The old process has the address until it ends.</summary>
    [Theory]
    [EachLocalDataPath]
    public async Task Metrics_listener_follows(DataPath path)
    {
        using var directory = new TempDirectory("sock");
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}/readyz");
        var pooler = await StartAsync(path, config => config.Set("unix_socket_dir", directory.Path).Set("metrics_listen", address.Authority));
        using var http = new HttpClient();
        Assert.Equal("ready\n", await http.GetStringAsync(address, TestContext.Current.CancellationToken));
        await using var client = await pooler.ClientAsync();
        await using var before = await RestartAsync(pooler);
        await EndedAsync(before);
        await Eventually.TrueAsync(IsReadyAsync, "an answer of the new process");
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));

        async Task<bool> IsReadyAsync()
        {
            try
            {
                return await http.GetStringAsync(address, TestContext.Current.CancellationToken) == "ready\n";
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    [Theory]
    [EachDataPath]
    public async Task Clients_in_a_transaction_finish_and_follow(DataPath path)
    {
        using var directory = new TempDirectory("sock");
        var pooler = await StartAsync(path, config => config.Set("unix_socket_dir", directory.Path).Set("default_pool_size", 1));
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN; CREATE TEMP TABLE t ON COMMIT DROP AS SELECT 42 AS n");
        await using var waiting = await pooler.ClientAsync();
        await waiting.SendAsync(Frontend.Query("SELECT 'waited'"));
        Assert.True(await waiting.IsSilentForAsync(Moment));

        await using var before = await RestartAsync(pooler);
        Assert.Equal("waited", (await waiting.ReadReplyAsync()).Scalar);
        Assert.Equal("42", await client.ScalarAsync("SELECT n FROM t"));
        Assert.False(before.HasExited);
        (await client.QueryAsync("COMMIT")).Succeeded();
        Assert.Equal("after", await client.ScalarAsync("SELECT 'after'"));
        await EndedAsync(before);
    }

    [Theory]
    [EachDataPath]
    public async Task A_session_goes_over_with_its_server(DataPath path)
    {
        using var directory = new TempDirectory("sock");
        var pooler = await StartAsync(path, config => config.Set("unix_socket_dir", directory.Path).Set("pool_mode", "session"));
        await using var client = await pooler.ClientAsync(parameters: ("DateStyle", "SQL"));
        await client.ScalarAsync("CREATE TEMP TABLE mine AS SELECT 42 AS n; SET DateStyle = 'German'; LISTEN gossip");
        await using var open = await pooler.ClientAsync();
        await open.QueryAsync("BEGIN");
        var (backend, inBlock) = (await client.BackendPidAsync(), await open.BackendPidAsync());

        await using var before = await RestartAsync(pooler);
        await EndedAsync(before);
        Assert.Equal((backend, inBlock), (await client.BackendPidAsync(), await open.BackendPidAsync()));
        Assert.Equal("42", await client.ScalarAsync("SELECT n FROM mine"));
        Assert.Equal("German, DMY", await client.ScalarAsync("SHOW DateStyle"));
        await client.ScalarAsync("RESET DateStyle");
        Assert.Equal("SQL, MDY", await client.ScalarAsync("SHOW DateStyle"));
        Assert.Equal("COMMIT", Assert.Single((await open.QueryAsync("COMMIT")).Succeeded().Tags));

        await client.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
        await Eventually.EqualAsync(1, () => Postgres.CountBackendsAsync(ServerDatabase, "wait_event = 'PgSleep'"), "sleeping backends");
        await pooler.CancelAsync(client.Pid, client.Secret);
        Assert.Equal("57014", (await client.ReadReplyAsync()).SqlState);
        await client.CloseAsync();
        await open.CloseAsync();
        await using var late = await pooler.ClientAsync();
        Assert.Null(await late.ScalarAsync("SELECT to_regclass('pg_temp.mine')"));
    }

    [Theory]
    [EachDataPath("prepared", "transaction")]
    [EachLocalDataPath("extended", "session")]
    public async Task Busy_clients_lose_nothing(DataPath path, string protocol, string mode)
    {
        const int Clients = 8, Seconds = 4;
        using var directory = new TempDirectory("sock");
        var pooler = await StartAsync(path, config => config.Set("unix_socket_dir", directory.Path).Set("pool_mode", mode).Set("default_pool_size", Clients));
        await Postgres.ScalarAsync<object>("CREATE TABLE done (n int)", ServerDatabase);
        var script = directory.File("insert.sql");
        await File.WriteAllTextAsync(script, "BEGIN;\nINSERT INTO done VALUES (1);\nSELECT count(*) FROM generate_series(1, 500);\nCOMMIT;\n", TestContext.Current.CancellationToken);
        var bench = pooler.RunToolAsync("pgbench", ["-n", "-M", protocol, "-c", $"{Clients}", "-j", $"{Clients}", "-T", $"{Seconds}", "-f", script], TimeSpan.FromSeconds(120));
        await Eventually.TrueAsync(async () => await Postgres.ScalarAsync<long>("SELECT count(*) FROM done", ServerDatabase) > 100, "pgbench is at work");
        await using var first = await RestartAsync(pooler);
        await EndedAsync(first);
        await using var second = await RestartAsync(pooler);
        await EndedAsync(second);
        var done = (await bench).Succeeded();
        Assert.Contains("number of failed transactions: 0", done.Output, StringComparison.Ordinal);
        Assert.Equal(done.Transactions, await Postgres.ScalarAsync<long>("SELECT count(*) FROM done", ServerDatabase));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task What_cannot_go_over_is_told_so(DataPath path)
    {
        using var directory = new TempDirectory("sock");
        var pooler = await StartTlsAsync(config => config.Set("unix_socket_dir", directory.Path), path);
        await using var client = await pooler.EncryptedClientAsync();
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
        await using var before = await RestartAsync(pooler);
        Assert.Equal(AdminShutdown, Assert.Single(await client.ReadToEndAsync(), message => message.Type == 'E').Field('C'));
        await EndedAsync(before);
        await using var again = await pooler.EncryptedClientAsync();
        Assert.Equal("2", await again.ScalarAsync("SELECT 2"));
    }

    /// <summary>The new process dies in the middle: the old one goes on with what it still has.</summary>
    [Theory]
    [EachLocalDataPath]
    public async Task Old_process_goes_on_when_nobody_follows(DataPath path)
    {
        using var directory = new TempDirectory("sock");
        var pooler = await StartAsync(path, config => config.Set("unix_socket_dir", directory.Path));
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        await (await BeginTakeoverAsync(directory, pooler)).DisposeAsync();

        await using var late = await pooler.ClientAsync();
        Assert.Equal("1", await late.ScalarAsync("SELECT 1"));
        (await client.QueryAsync("COMMIT")).Succeeded();
        Assert.Equal("2", await client.ScalarAsync("SELECT 2"));
        await using var before = await RestartAsync(pooler);
        await EndedAsync(before);
        Assert.Equal("3", await client.ScalarAsync("SELECT 3"));
    }

    /// <summary>It dies after it was given a client and before it had all it takes to go on with it.</summary>
    [Theory]
    [EachLocalDataPath]
    public async Task Clients_of_a_process_that_dies_before_it_is_ready_come_back(DataPath path)
    {
        using var directory = new TempDirectory("sock");
        var pooler = await StartAsync(path, config => config.Set("unix_socket_dir", directory.Path));
        await using var client = await pooler.ClientAsync(parameters: ("DateStyle", "German"));
        await client.SendAsync(Frontend.Concat(Frontend.Parse("SELECT 'prepared before'", "mine"), Frontend.Sync));
        (await client.ReadReplyAsync()).Succeeded();
        await using (var dying = await BeginTakeoverAsync(directory, pooler))
        {
            Assert.Equal('D', (await dying.ReadAsync()).Type);
            await client.SendAsync(Frontend.Concat(Frontend.Bind("mine"), Frontend.Execute(), Frontend.Sync));
            Assert.True(await client.IsSilentForAsync(Moment));
        }

        Assert.Equal("prepared before", (await client.ReadReplyAsync()).Scalar);
        Assert.Equal("German, DMY", await client.ScalarAsync("SHOW DateStyle"));
        await using var before = await RestartAsync(pooler);
        await EndedAsync(before);
        Assert.Equal("3", await client.ScalarAsync("SELECT 3"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Clients_that_do_not_come_to_an_end_are_waited_for_as_long_as_is_allowed(DataPath path)
    {
        using var directory = new TempDirectory("sock");
        var pooler = await StartAsync(path, config => config.Set("unix_socket_dir", directory.Path).Set("drain_timeout", 1));
        await using var endless = await pooler.ClientAsync();
        await endless.QueryAsync("BEGIN");
        await using var idle = await pooler.ClientAsync();
        await using var before = await RestartAsync(pooler);
        await EndedAsync(before);
        Assert.Equal(AdminShutdown, Assert.Single(await endless.ReadToEndAsync(), message => message.Type == 'E').Field('C'));
        Assert.Equal("1", await idle.ScalarAsync("SELECT 1"));
    }

    [Fact]
    public async Task Only_the_owner_of_the_process_gets_its_sockets()
    {
        var pooler = await StartAsync(DataPath.User);
        await using var admin = await pooler.AdminAsync();
        Assert.Equal("admin access needed", Assert.Single((await admin.RunAsync("TAKEOVER")).Errors).Field('M'));
    }

    private static string Socket(TempDirectory directory, TiggerProcess pooler) => $"{directory.Path}/.s.PGSQL.{pooler.Port}";

    /// <summary>A new process by hand, which has been given the listeners.</summary>
    private static async Task<RawClient> BeginTakeoverAsync(TempDirectory directory, TiggerProcess pooler)
    {
        var successor = await RawClient.ConnectUnixAsync(Socket(directory, pooler));
        await successor.LoginAsync(AdminConsole.Database, AdminConsole.Database);
        await successor.SendAsync(Frontend.Query("TAKEOVER"));
        Assert.Equal('D', (await successor.ReadAsync()).Type);
        return successor;
    }

    private static Task<ChildProcess> RestartAsync(TiggerProcess pooler) => pooler.RestartAsync();

    private static async Task EndedAsync(ChildProcess before)
    {
        Assert.True(await before.WaitForExitAsync(Eventually.DefaultDeadline), "the old process does not end\n" + before.Error.Text);
        Assert.Equal(0, before.ExitCode);
    }
}
