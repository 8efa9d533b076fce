using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>A changed configuration takes effect as a whole or not at all.</summary>
public sealed class ReloadTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachLocalDataPath("pool_siez: 3\n", "pool_siez")]
    [EachLocalDataPath("default_pool_size: many\n", "default_pool_size")]
    [EachLocalDataPath("databases: [", "")]
    public async Task Bad_file_changes_nothing_and_the_admin_is_told(DataPath path, string text, string named)
    {
        Assert.SkipWhen(PoolerProgram.IsReference, "the file is YAML");
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 7));
        await using var client = await pooler.ClientAsync();
        await using var admin = await pooler.AdminAsync();
        pooler.WriteConfigText($"query_wait_timeout: 55\n{text}");
        var reply = await admin.RunAsync("RELOAD");
        Assert.Contains(named, Assert.Single(reply.Errors).Field('M')!, StringComparison.Ordinal);
        Assert.Equal("7", await admin.ConfigAsync("default_pool_size"));
        Assert.Equal("120", await admin.ConfigAsync("query_wait_timeout"));
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task New_database_appears_and_a_removed_one_is_refused(DataPath path)
    {
        var pooler = await StartAsync(path);
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(database: "fresh"));
        pooler.Config.Database("fresh", ("host", PostgresServer.Host), ("port", Postgres.Port), ("dbname", ServerDatabase));
        (await pooler.ReloadAsync()).Succeeded();
        await using var client = await pooler.ClientAsync(database: "fresh");
        Assert.Equal(ServerDatabase, await client.ScalarAsync("SELECT current_database()"));

        pooler.Config.RemoveDatabase("fresh");
        (await pooler.ReloadAsync()).Succeeded();
        Assert.Equal("database removed", Assert.Single(await client.ReadToEndAsync()).Field('M'));
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(database: "fresh"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Larger_pool_serves_those_already_waiting(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        await a.QueryAsync("BEGIN");
        await b.SendAsync(Frontend.Query("SELECT 'b'"));
        Assert.True(await b.IsSilentForAsync(TimeSpan.FromMilliseconds(200)));
        pooler.Config.Set("default_pool_size", 2);
        (await pooler.ReloadAsync()).Succeeded();
        Assert.Equal("b", (await b.ReadReplyAsync()).Scalar);
        await a.QueryAsync("COMMIT");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Smaller_pool_keeps_no_more_servers_than_it_may(DataPath path)
    {
        const int Before = 4, After = 1;
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", Before));
        var clients = new List<RawClient>();
        for (var i = 0; i < Before; i++)
        {
            clients.Add(Own(await pooler.ClientAsync()));
            await clients[i].QueryAsync("BEGIN");
        }

        pooler.Config.Set("default_pool_size", After);
        (await pooler.ReloadAsync()).Succeeded();
        foreach (var client in clients)
            Assert.Equal(["COMMIT"], (await client.QueryAsync("COMMIT")).Succeeded().Tags);
        await Eventually.EqualAsync(After, () => Postgres.CountBackendsAsync(ServerDatabase), "servers after the pool shrank");
        foreach (var client in clients)
            Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Changed_database_is_reached_by_sessions_already_open(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await using var held = await pooler.ClientAsync();
        Assert.Equal(ServerDatabase, await client.ScalarAsync("SELECT current_database()"));
        await held.QueryAsync("BEGIN");
        pooler.Config.Database(Database, ("dbname", "p3"));
        (await pooler.ReloadAsync()).Succeeded();
        Assert.Equal("p3", await client.ScalarAsync("SELECT current_database()"));
        Assert.Equal(ServerDatabase, await held.ScalarAsync("SELECT current_database()"));
        await held.QueryAsync("COMMIT");
        Assert.Equal("p3", await held.ScalarAsync("SELECT current_database()"));
        await Eventually.EqualAsync(0, () => Postgres.CountBackendsAsync(ServerDatabase), "servers of the old database");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Changed_password_counts_at_the_next_login(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("auth_type", "scram-sha-256"));
        await using var old = await pooler.ClientAsync(Roles.Trust, password: Roles.PasswordOf(Roles.Trust));
        pooler.Config.User(Roles.Trust, ("password", "new"));
        pooler.WriteConfig();
        pooler.Send(Signal.Hup);
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await using var client = await pooler.ClientAsync(Roles.Trust, password: "new");
                    return true;
                }
                catch (ServerErrorException)
                {
                    return false;
                }
            },
            "login with the new password after SIGHUP");
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(Roles.Trust, password: Roles.PasswordOf(Roles.Trust)));
        Assert.Equal("1", await old.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Reload_under_load_loses_no_query(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 3));
        using var stop = new CancellationTokenSource();
        var clients = new List<RawClient>();
        for (var i = 0; i < 6; i++)
            clients.Add(Own(await pooler.ClientAsync()));
        var work = Task.WhenAll(clients.Select(async client =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
                Assert.Equal($"{i}", await client.ScalarAsync($"SELECT {i}"));
        }));
        for (var i = 0; i < 10; i++)
        {
            pooler.Config.Set("default_pool_size", 2 + (i % 3)).Database(Database, ("dbname", i % 2 == 0 ? "p3" : ServerDatabase));
            (await pooler.ReloadAsync()).Succeeded();
        }

        await stop.CancelAsync();
        await work;
    }
}
