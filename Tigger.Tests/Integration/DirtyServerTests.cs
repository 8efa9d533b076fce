using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>What a client of transaction pooling leaves behind in a session, under each value of <c>dirty_server</c>.</summary>
public sealed class DirtyServerTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string LeftBehind = """
        SELECT concat_ws(',',
            current_setting('work_mem'), current_setting('search_path'), nullif(current_setting('app.name', true), ''), to_regclass('pg_temp.mine'),
            (SELECT count(*) FROM pg_prepared_statements WHERE from_sql),
            (SELECT count(*) FROM pg_listening_channels()),
            (SELECT count(*) FROM pg_cursors WHERE is_holdable),
            (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()))
        """;

    private static readonly string[] Leaks =
    [
        "SET work_mem = '33MB'", "SET search_path = ''", "set app.name = 'mallory'", "PREPARE p AS SELECT 1", "LISTEN gossip",
        "CREATE TEMP TABLE mine (n int)", "CREATE TEMP TABLE mine AS SELECT 1 AS n", "SELECT 1 AS n INTO TEMP mine",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1", "SELECT pg_advisory_lock(1)", "SELECT pg_try_advisory_lock_shared(2)",
        "SELECT set_config('work_mem', '33MB', false)", "BEGIN; SET work_mem = '33MB'; COMMIT", "/* why */ SET work_mem = '33MB'",
    ];

    private static readonly string[] Harmless =
    [
        "SELECT 1", "SET application_name = 'teller'", "set TIME ZONE 'Asia/Tokyo'", "SET NAMES 'UTF8'", "SET SESSION DateStyle TO 'ISO, MDY'",
        "CREATE TABLE permanent (n int)", "DROP TABLE permanent", "SELECT pg_advisory_xact_lock(1)",
        "SELECT set_config('work_mem', '33MB', true)", "SET LOCAL work_mem = '33MB'", "SET TRANSACTION READ ONLY",
    ];

    [Theory]
    [EachDataPath]
    public async Task Reset_cleans_the_server_before_the_next_client(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("dirty_server", "reset").Set("default_pool_size", 1));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        var pid = await b.BackendPidAsync();
        var clean = await b.ScalarAsync(LeftBehind);
        foreach (var leak in Leaks)
        {
            (await a.QueryAsync(leak)).Succeeded();
            Assert.Equal((leak, clean), (leak, await b.ScalarAsync(LeftBehind)));
            // Without Describe a call of a function shows in nothing, and several commands are no extended query.
            if (!leak.StartsWith("SELECT pg_", StringComparison.Ordinal) && !leak.Contains("set_config", StringComparison.Ordinal) && !leak.Contains("; ", StringComparison.Ordinal))
            {
                (await a.ExtendedAsync(leak)).Succeeded();
                Assert.Equal((leak, clean), (leak, (await b.ExtendedAsync(LeftBehind)).Succeeded().Scalar));
            }
        }

        Assert.Equal(pid, await b.BackendPidAsync());
    }

    [Theory]
    [EachDataPath]
    public async Task Pin_keeps_the_server_for_its_client(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("dirty_server", "pin").Set("default_pool_size", 2));
        await using var b = await pooler.ClientAsync();
        var clean = await b.ScalarAsync(LeftBehind);
        foreach (var leak in Leaks)
        {
            await using var a = await pooler.ClientAsync();
            (await a.QueryAsync(leak)).Succeeded();
            var pid = await a.BackendPidAsync();
            for (var i = 0; i < 2; i++)
            {
                Assert.Equal((leak, clean), (leak, await b.ScalarAsync(LeftBehind)));
                Assert.NotEqual(clean, await a.ScalarAsync(LeftBehind));
            }

            Assert.Equal((leak, pid), (leak, await a.BackendPidAsync()));
            await a.CloseAsync();
        }

        await using var admin = await pooler.AdminAsync();
        var counters = await admin.CountersAsync();
        Assert.Equal(Leaks.Length, counters["server_pinned"]);
        Assert.Equal(Leaks.Length, counters["server_dirty"]);
    }

    [Theory]
    [EachDataPath]
    public async Task Pin_leaves_the_server_to_all_after_what_ends_with_the_transaction(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("dirty_server", "pin").Set("default_pool_size", 1));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        foreach (var command in Harmless)
        {
            await a.QueryAsync("BEGIN");
            (await a.QueryAsync(command)).Succeeded();
            (await a.ExtendedAsync("SELECT 1")).Succeeded();
            await a.QueryAsync("COMMIT");
            Assert.Equal((command, "1"), (command, await b.ScalarAsync("SELECT 1")));
        }

        await a.QueryAsync("BEGIN");
        (await a.ExtendedAsync("SET LOCAL work_mem = '33MB'")).Succeeded();
        await a.QueryAsync("COMMIT");
        Assert.Equal("4MB", await b.ScalarAsync("SHOW work_mem"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Pin_ends_when_the_client_has_cleaned_up(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("dirty_server", "pin").Set("default_pool_size", 1));
        await using var admin = await pooler.AdminAsync();
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        foreach (var (leak, cure) in new[]
                 {
                     ("LISTEN gossip", "UNLISTEN *"), ("PREPARE p AS SELECT 1", "DEALLOCATE p"), ("CREATE TEMP TABLE mine ()", "DROP TABLE mine"),
                     ("SELECT pg_advisory_lock(1)", "SELECT pg_advisory_unlock(1)"), ("DECLARE c CURSOR WITH HOLD FOR SELECT 1", "CLOSE c"),
                     ("SET work_mem = '33MB'", "DISCARD ALL"),
                 })
        {
            await a.QueryAsync(leak);
            await b.SendAsync(Frontend.Query("SELECT 'served'"));
            await admin.WaitForPoolAsync("cl_waiting", 1);
            (await a.QueryAsync(cure)).Succeeded();
            Assert.Equal((leak, "served"), (leak, (await b.ReadReplyAsync()).Succeeded().Scalar));
        }
    }

    [Theory]
    [EachDataPath]
    public async Task Pinned_client_is_told_of_notifications_while_it_is_idle(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("dirty_server", "pin"));
        await using var client = await pooler.ClientAsync();
        await using var other = await pooler.ClientAsync();
        (await client.QueryAsync("LISTEN gossip")).Succeeded();
        for (var i = 0; i < 3; i++)
        {
            (await other.QueryAsync($"NOTIFY gossip, '{i}'")).Succeeded();
            var message = await client.ReadAsync();
            Assert.Equal('A', message.Type);
            Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
        }
    }

    [Theory]
    [EachDataPath]
    public async Task Warning_is_given_once_and_servers_stay_shared(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var admin = await pooler.AdminAsync();
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        await a.QueryAsync("BEGIN");
        (await a.QueryAsync("SET LOCAL work_mem = '22MB'")).Succeeded();
        await a.QueryAsync("COMMIT");
        (await a.QueryAsync("SET application_name = 'teller'")).Succeeded();
        Assert.Equal(0, (await admin.CountersAsync())["server_dirty"]);
        for (var i = 0; i < 2; i++)
        {
            (await a.QueryAsync("SET work_mem = '33MB'")).Succeeded();
            Assert.Equal("33MB", await b.ScalarAsync("SHOW work_mem"));
            Assert.Equal(i + 1, (await admin.CountersAsync())["server_dirty"]);
            (await a.QueryAsync("DISCARD ALL")).Succeeded();
        }

        Assert.Single(pooler.Log.Lines, line => line.Contains("dirty_server", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reported_parameter_that_is_not_tracked_tells_on_its_client()
    {
        var pooler = await StartAsync(DataPath.User, config => config.Set("dirty_server", "reset").Set("default_pool_size", 1));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        (await a.QueryAsync("DO $$ BEGIN PERFORM set_config('default_transaction_read_only', 'on', false); END $$")).Succeeded();
        Assert.Equal("off", await b.ScalarAsync("SHOW default_transaction_read_only"));
    }

    [Fact]
    public async Task Database_overrides_and_a_reload_changes_it()
    {
        var pooler = await StartAsync(DataPath.User, config => config
            .Set("dirty_server", "ignore").Set("default_pool_size", 1).Database(Database, ("dirty_server", "reset")));
        await using var admin = await pooler.AdminAsync();
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        (await a.QueryAsync("SET work_mem = '33MB'")).Succeeded();
        Assert.Equal("4MB", await b.ScalarAsync("SHOW work_mem"));
        pooler.Config.Database(Database, ("dirty_server", "ignore"));
        (await pooler.ReloadAsync()).Succeeded();
        var before = (await admin.CountersAsync())["server_dirty"];
        (await a.QueryAsync("SET work_mem = '33MB'")).Succeeded();
        Assert.Equal("33MB", await b.ScalarAsync("SHOW work_mem"));
        Assert.Equal(before, (await admin.CountersAsync())["server_dirty"]);
    }
}
