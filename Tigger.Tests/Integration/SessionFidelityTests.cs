using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>With session pooling a client sees what it would see of a backend of its own.</summary>
public sealed class SessionFidelityTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string Settings = """
        SELECT string_agg(format('%s=%s/%s/%s', name, setting, reset_val, source), ' ' ORDER BY name) FROM pg_settings
        WHERE name IN ('application_name', 'client_encoding', 'DateStyle', 'TimeZone', 'IntervalStyle', 'work_mem', 'search_path', 'extra_float_digits')
        """;

    private static readonly (string Name, string Value)[] Startup =
    [
        ("application_name", "teller 7"), ("client_encoding", "LATIN1"), ("DateStyle", "German"), ("TimeZone", "Asia/Tokyo"),
        ("extra_float_digits", "2"), ("options", "-c work_mem=8MB --search-path=pg_catalog -c IntervalStyle=iso_8601"),
    ];

    private static readonly string[] Changes =
    [
        "SELECT 1", "SET DateStyle = 'SQL'; SET TimeZone = 'Africa/Cairo'; SET work_mem = '33MB'; SET application_name = 'other'", "RESET DateStyle",
        "RESET ALL", "SET IntervalStyle = 'sql_standard'", "DISCARD ALL", "BEGIN; SET search_path = public", "ROLLBACK",
    ];

    [Theory]
    [EachLocalDataPath]
    public async Task Startup_parameters_are_the_reset_values(DataPath path)
    {
        var pooler = await StartSessionAsync(path);
        await using var direct = await Postgres.ConnectRawAsync(ServerDatabase, parameters: Startup);
        await using var client = await pooler.ClientAsync(parameters: Startup);
        foreach (var change in Changes)
        {
            (await direct.QueryAsync(change)).Succeeded();
            (await client.QueryAsync(change)).Succeeded();
            Assert.Equal((change, await direct.ScalarAsync(Settings)), (change, await client.ScalarAsync(Settings)));
        }
    }

    [Theory]
    [EachDataPath]
    public async Task Backend_is_reused_by_clients_with_the_same_startup_parameters_only(DataPath path)
    {
        var pooler = await StartSessionAsync(path);
        await using var first = await pooler.ClientAsync(parameters: Startup);
        var pid = await first.BackendPidAsync();
        (await first.QueryAsync("SET work_mem = '33MB'; SET DateStyle = 'SQL'")).Succeeded();
        await first.CloseAsync();
        await using var second = await pooler.ClientAsync(parameters: Startup);
        Assert.Equal(pid, await second.BackendPidAsync());
        Assert.Equal("8MB", await second.ScalarAsync("SHOW work_mem"));
        Assert.StartsWith("German", await second.ScalarAsync("SHOW DateStyle"), StringComparison.Ordinal);
        await second.CloseAsync();
        await using var plain = await pooler.ClientAsync();
        Assert.NotEqual(pid, await plain.BackendPidAsync());
        Assert.Equal("4MB", await plain.ScalarAsync("SHOW work_mem"));
        (await plain.QueryAsync("SET TimeZone = 'Africa/Cairo'; RESET ALL")).Succeeded();
        Assert.NotEqual("Asia/Tokyo", await plain.ScalarAsync("SHOW TimeZone"));
        await Eventually.EqualAsync(1, () => Postgres.CountBackendsAsync(ServerDatabase), "servers of a pool of one");
    }

    /// <summary>As long as there is room, two applications do not close each other's servers.</summary>
    [Theory]
    [EachDataPath]
    public async Task Servers_with_other_startup_parameters_are_replaced_only_when_the_pool_is_full(DataPath path)
    {
        var pooler = await StartSessionAsync(path, config => config.Set("default_pool_size", 2));
        (string, string)[] other = [("application_name", "other"), ("DateStyle", "SQL")];
        await using var admin = await pooler.AdminAsync();
        var pids = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            await using var client = await pooler.ClientAsync(parameters: i % 2 == 0 ? Startup : other);
            pids.Add(await client.BackendPidAsync());
            await client.CloseAsync();

            // The pool's first and the client's own, or both clients'; not while one is being reset.
            await admin.WaitForPoolAsync("sv_idle", 2);
        }

        Assert.Equal([pids[0], pids[1], pids[0], pids[1], pids[0], pids[1]], pids);
        Assert.NotEqual(pids[0], pids[1]);
        await using (var third = await pooler.ClientAsync(parameters: ("TimeZone", "Asia/Tokyo")))
        {
            Assert.DoesNotContain(await third.BackendPidAsync(), pids);
            Assert.Equal(2, await Postgres.CountBackendsAsync(ServerDatabase));
        }

        Assert.InRange((await admin.CountersAsync())["server_exchanged"], 1, 2);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Value_that_the_server_refuses_ends_the_session_with_its_words(DataPath path)
    {
        var pooler = await StartSessionAsync(path);
        await using var client = await pooler.ClientAsync(parameters: ("DateStyle", "bogus"));
        await client.SendAsync(Frontend.Query("SELECT 1"));
        var error = Assert.Single(await client.ReadToEndAsync());
        Assert.Equal("22023", error.Field('C'));
        Assert.Equal("invalid value for parameter \"DateStyle\": \"bogus\"", error.Field('M'));
        await using var next = await pooler.ClientAsync();
        Assert.Equal("1", await next.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Client_that_leaves_while_its_server_is_opened_harms_nobody(DataPath path)
    {
        var pooler = await StartSessionAsync(path);
        for (var i = 0; i < 5; i++)
        {
            await using var hasty = await pooler.ClientAsync(parameters: ("application_name", $"hasty {i}"));
            await hasty.SendAsync(Frontend.Query("SELECT 1"));
            hasty.Abort();
            await using var patient = await pooler.ClientAsync(parameters: ("application_name", $"patient {i}"));
            Assert.Equal($"patient {i}", await patient.ScalarAsync("SHOW application_name"));
            await patient.CloseAsync();
        }

        await Eventually.EqualAsync(1, () => Postgres.CountBackendsAsync(ServerDatabase), "servers of a pool of one");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Fresh_server_is_nobodys_before_and_nobodys_after(DataPath path)
    {
        var pooler = await StartSessionAsync(path, config => config.Database(Database, ("server_fresh", 1)));
        var pids = new HashSet<int>();
        for (var i = 0; i < 3; i++)
        {
            await using var client = await pooler.ClientAsync(parameters: i == 1 ? Startup : []);
            Assert.True(pids.Add(await client.BackendPidAsync()), "a backend served two clients");
            await client.CloseAsync();
        }
    }

    private Task<TiggerProcess> StartSessionAsync(DataPath path, Action<TiggerConfigBuilder>? configure = null) =>
        StartAsync(path, config =>
        {
            config.Set("pool_mode", "session").Set("default_pool_size", 1);
            configure?.Invoke(config);
        });
}
