using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Console commands that change something, and who may give them.</summary>
public sealed class AdminCommandTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachDataPath("pgbouncer")]
    [EachDataPath("tigger")]
    public async Task Console_greets_and_knows_itself(DataPath path, string database)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync(database: database);
        Assert.EndsWith("/bouncer", client.Parameters["server_version"], StringComparison.Ordinal);
        Assert.Equal("UTF8", client.Parameters["client_encoding"]);
        Assert.NotNull(await client.ScalarAsync("SHOW VERSION"));
        Assert.NotNull((await client.QueryAsync("DANCE")).SqlState);
        Assert.NotNull((await client.QueryAsync("SHOW NONSENSE")).SqlState);
        Assert.NotNull((await client.ExtendedAsync("DANCE")).SqlState);
        Assert.NotNull(await client.ScalarAsync("SHOW VERSION"));
    }

    [Theory]
    [EachDataPath("PAUSE", "RESUME")]
    [EachDataPath("PAUSE db", "RESUME db")]
    public async Task Pause_waits_for_transactions_and_holds_new_ones(DataPath path, string pause, string resume)
    {
        var pooler = await StartAsync(path);
        await using var admin = await pooler.AdminAsync();
        await using var second = await pooler.AdminAsync();
        await using var busy = await pooler.ClientAsync();
        await using var next = await pooler.ClientAsync();
        await busy.QueryAsync("BEGIN");
        await admin.Client.SendAsync(Frontend.Query(pause));
        Assert.True(await admin.Client.IsSilentForAsync(TimeSpan.FromMilliseconds(200)), "PAUSE returned while a transaction ran");
        await next.SendAsync(Frontend.Query("SELECT 'resumed'"));
        (await busy.QueryAsync("COMMIT")).Succeeded();
        Assert.Equal(["PAUSE"], (await admin.Client.ReadReplyAsync()).Succeeded().Tags);
        await Eventually.EqualAsync(0, () => Postgres.CountBackendsAsync(ServerDatabase), "servers while paused");
        Assert.True(await next.IsSilentForAsync(TimeSpan.FromMilliseconds(100)), "query ran while paused");
        Assert.Equal("RESUME", await second.DoAsync(resume));
        Assert.Equal("resumed", (await next.ReadReplyAsync()).Succeeded().Scalar);
        Assert.NotNull((await second.RunAsync(resume)).SqlState);
    }

    [Theory]
    [EachDataPath]
    public async Task Disabled_database_takes_no_new_clients(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var admin = await pooler.AdminAsync();
        await using var old = await pooler.ClientAsync();
        Assert.Equal("DISABLE", await admin.DoAsync($"DISABLE {Database}"));
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync());
        Assert.Equal("1", await old.ScalarAsync("SELECT 1"));
        Assert.Equal("1", (await admin.ShowAsync("DATABASES")).Single(row => row["name"] == Database)["disabled"]);
        Assert.Equal("ENABLE", await admin.DoAsync($"ENABLE {Database}"));
        await using var client = await pooler.ClientAsync();
        Assert.NotNull((await admin.RunAsync("DISABLE pgbouncer")).SqlState);
        Assert.NotNull((await admin.RunAsync("DISABLE no_such_database")).SqlState);
    }

    [Theory]
    [EachDataPath]
    public async Task Kill_drops_everybody_until_resume(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var admin = await pooler.AdminAsync();
        await using var victim = await pooler.ClientAsync();
        await victim.QueryAsync("BEGIN");
        Assert.Equal("KILL", await admin.DoAsync($"KILL {Database}"));
        await victim.ReadToEndAsync();
        await Eventually.EqualAsync(0, () => Postgres.CountBackendsAsync(ServerDatabase), "servers left");
        Assert.Equal("RESUME", await admin.DoAsync($"RESUME {Database}"));
        await using var next = await pooler.ClientAsync();
        Assert.Equal("1", await next.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachDataPath]
    public async Task Kill_client_drops_the_one_named(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var admin = await pooler.AdminAsync();
        await using var victim = await pooler.ClientAsync(Roles.Alice);
        await using var bystander = await pooler.ClientAsync(Roles.Bob);
        await victim.QueryAsync("BEGIN");
        var id = (await admin.ShowAsync("CLIENTS")).Single(row => row["user"] == Roles.Alice)["id"];
        Assert.Equal("KILL_CLIENT", await admin.DoAsync($"KILL_CLIENT {id}"));
        await victim.ReadToEndAsync();
        Assert.Equal("1", await bystander.ScalarAsync("SELECT 1"));
        Assert.NotNull((await admin.RunAsync($"KILL_CLIENT {id}")).SqlState);
        Assert.NotNull((await admin.RunAsync("KILL_CLIENT everybody")).SqlState);
    }

    [Theory]
    [EachDataPath]
    public async Task Reconnect_replaces_servers_and_wait_close_waits_for_the_last(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var admin = await pooler.AdminAsync();
        await using var busy = await pooler.ClientAsync();
        await using var idle = await pooler.ClientAsync();
        await busy.QueryAsync("BEGIN");
        var busyPid = await busy.BackendPidAsync();
        var idlePid = await idle.BackendPidAsync();
        Assert.Equal("RECONNECT", await admin.DoAsync($"RECONNECT {Database}"));
        Assert.NotEqual(idlePid, await idle.BackendPidAsync());
        await admin.Client.SendAsync(Frontend.Query($"WAIT_CLOSE {Database}"));
        Assert.True(await admin.Client.IsSilentForAsync(TimeSpan.FromMilliseconds(200)));
        Assert.Equal(busyPid, await busy.BackendPidAsync());
        await busy.QueryAsync("COMMIT");
        Assert.Equal(["WAIT_CLOSE"], (await admin.Client.ReadReplyAsync()).Succeeded().Tags);
        Assert.DoesNotContain(busyPid, await Postgres.BackendsAsync(ServerDatabase));
    }

    [Theory]
    [EachDataPath]
    public async Task Suspend_holds_every_byte_until_resume(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var admin = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await client.ScalarAsync("SELECT 1");
        Assert.Equal("SUSPEND", await admin.DoAsync("SUSPEND"));
        await client.SendAsync(Frontend.Query("SELECT 'awake'"));
        Assert.True(await client.IsSilentForAsync(TimeSpan.FromMilliseconds(200)));
        Assert.Equal("RESUME", await admin.DoAsync("RESUME"));
        Assert.Equal("awake", (await client.ReadReplyAsync()).Scalar);
    }

    [Fact]
    public async Task Suspend_closes_those_who_do_not_take_what_they_are_owed()
    {
        var pooler = await StartAsync(DataPath.User, config => config.Set("suspend_timeout", 1));
        await using var admin = await pooler.AdminAsync();
        await using var lazy = await pooler.ClientAsync();
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        await lazy.SendAsync(Frontend.Query("SELECT repeat('x', 200000000)"));
        var sent = 0L;
        await Eventually.TrueAsync(
            async () =>
            {
                var before = sent;
                await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
                sent = (await admin.TotalsAsync())["bytes_sent"];
                return sent > 100_000 && sent == before;
            },
            "all buffers are full");
        Assert.Equal("SUSPEND", await admin.DoAsync("SUSPEND"));
        await pooler.Log.WaitForAsync("closing because: suspend_timeout (age=");
        Assert.Equal("RESUME", await admin.DoAsync("RESUME"));
        Assert.DoesNotContain(await lazy.ReadToEndAsync(), message => message.Type == 'Z');
        Assert.Equal("COMMIT", Assert.Single((await client.QueryAsync("COMMIT")).Succeeded().Tags));
    }

    [Theory]
    [EachDataPath]
    public async Task Set_changes_a_setting_at_once(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var admin = await pooler.AdminAsync();
        Assert.StartsWith("SET", await admin.DoAsync("SET query_wait_timeout = 1"), StringComparison.Ordinal);
        Assert.Equal("1", await admin.ConfigAsync("query_wait_timeout"));
        await using var holder = await pooler.ClientAsync();
        await using var waiter = await pooler.ClientAsync();
        await holder.QueryAsync("BEGIN");
        await waiter.SendAsync(Frontend.Query("SELECT 1"));
        Assert.Equal("query_wait_timeout", (await waiter.ReadToEndAsync())[^1].Field('M'));

        await admin.DoAsync("SET default_pool_size = '4'");
        Assert.Equal("4", await admin.ConfigAsync("default_pool_size"));
        Assert.NotNull((await admin.RunAsync("SET default_pool_size = 'many'")).SqlState);
        Assert.NotNull((await admin.RunAsync("SET no_such_setting = 1")).SqlState);
        Assert.Equal("4", await admin.ConfigAsync("default_pool_size"));
    }

    [Theory]
    [EachDataPath]
    public async Task Stats_user_may_look_but_not_touch(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("stats_users", new[] { Roles.Bob }));
        await using var bob = await pooler.AdminAsync(Roles.Bob);
        await using var client = await pooler.ClientAsync();
        Assert.NotEmpty(await bob.ShowAsync("POOLS"));
        var id = (await bob.ShowAsync("CLIENTS")).Single(row => row["database"] == Database)["id"];
        string[] commands =
        [
            "PAUSE", "RESUME", "SUSPEND", "KILL", $"KILL {Database}", $"KILL_CLIENT {id}", "RELOAD", "RECONNECT", "WAIT_CLOSE", "SHUTDOWN",
            $"DISABLE {Database}", $"ENABLE {Database}", "SET default_pool_size = 1", "SHOW FDS",
        ];
        foreach (var command in commands)
        {
            var reply = await bob.RunAsync(command);
            Assert.True(reply.Errors.Count == 1, $"{command}: {reply.Types}");
            Assert.Contains("admin access needed", reply.Errors[0].Field('M')!, StringComparison.Ordinal);
            Assert.NotNull((await bob.Client.ExtendedAsync(command)).SqlState);
        }

        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachDataPath]
    public async Task Shutdown_ends_at_once(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var admin = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        await admin.Client.SendAsync(Frontend.Query("SHUTDOWN"));
        await client.ReadToEndAsync();
        await pooler.WaitForExitAsync();
    }

    [Theory]
    [EachDataPath]
    public async Task Shutdown_waits_for_servers_if_told(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var admin = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        await admin.Client.SendAsync(Frontend.Query("SHUTDOWN WAIT_FOR_SERVERS"));
        (await client.QueryAsync("SELECT pg_sleep(0.3)")).Succeeded();
        Assert.Equal(["COMMIT"], (await client.QueryAsync("COMMIT")).Succeeded().Tags);
        Assert.Equal(0, await pooler.WaitForExitAsync());
    }

    [Theory]
    [EachDataPath]
    public async Task Shutdown_waits_for_clients_if_told(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await using (var admin = await pooler.AdminAsync())
            await admin.Client.SendAsync(Frontend.Query("SHUTDOWN WAIT_FOR_CLIENTS"));
        for (var i = 0; i < 5; i++)
            (await client.QueryAsync("SELECT pg_sleep(0.05)")).Succeeded();
        Assert.False(pooler.HasExited);
        await client.DisposeAsync();
        Assert.Equal(0, await pooler.WaitForExitAsync());
    }
}
