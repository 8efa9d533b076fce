using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>A server belongs to a client for one transaction, no shorter and no longer.</summary>
public sealed class TransactionPoolingTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachDataPath]
    public async Task Clients_take_turns_on_one_server(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        var pid = await a.BackendPidAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(pid, await b.BackendPidAsync());
            Assert.Equal(pid, await a.BackendPidAsync());
        }

        Assert.Equal(1, await Postgres.CountBackendsAsync(ServerDatabase));
    }

    [Theory]
    [EachDataPath("BEGIN", "COMMIT")]
    [EachDataPath("START TRANSACTION READ ONLY", "ROLLBACK")]
    [EachDataPath("BEGIN; SELECT 1/0", "ROLLBACK")]
    public async Task Transaction_keeps_its_server_until_its_end(DataPath path, string begin, string end)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        Assert.NotEqual('I', (await a.QueryAsync(begin)).Status);
        await b.SendAsync(Frontend.Query("SELECT 'b'"));
        Assert.True(await b.IsSilentForAsync(TimeSpan.FromMilliseconds(150)));
        await a.QueryAsync("SELECT 'still mine'");
        Assert.True(await b.IsSilentForAsync(TimeSpan.FromMilliseconds(50)));
        Assert.Equal('I', (await a.QueryAsync(end)).Succeeded().Status);
        Assert.Equal("b", (await b.ReadReplyAsync()).Succeeded().Scalar);
    }

    [Theory]
    [EachDataPath]
    public async Task Chained_transaction_keeps_its_server(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 2));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        await a.QueryAsync("BEGIN");
        var pid = await a.BackendPidAsync();
        Assert.Equal('T', (await a.QueryAsync("COMMIT AND CHAIN")).Status);
        Assert.NotEqual(pid, await b.BackendPidAsync());
        Assert.Equal(pid, await a.BackendPidAsync());
        await a.QueryAsync("COMMIT");
    }

    [Theory]
    [EachDataPath]
    public async Task Concurrent_transactions_have_servers_of_their_own(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 4));
        var clients = new List<RawClient>();
        var pids = new HashSet<int>();
        for (var i = 0; i < 4; i++)
        {
            clients.Add(Own(await pooler.ClientAsync()));
            await clients[i].QueryAsync("BEGIN");
            Assert.True(pids.Add(await clients[i].BackendPidAsync()), "two transactions on one server");
        }

        for (var round = 0; round < 3; round++)
        {
            foreach (var client in clients)
                Assert.Contains(await client.BackendPidAsync(), pids);
        }

        Assert.Equal(4, await Postgres.CountBackendsAsync(ServerDatabase));
    }

    [Theory]
    [EachDataPath]
    public async Task Idle_server_last_used_is_taken_first(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await WarmUpAsync(pooler, servers: 3);
        var pid = await client.BackendPidAsync();
        for (var i = 0; i < 6; i++)
            Assert.Equal(pid, await client.BackendPidAsync());
    }

    [Theory]
    [EachDataPath]
    public async Task Round_robin_uses_every_server_in_turn(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("server_round_robin", 1));
        await using var client = await WarmUpAsync(pooler, servers: 3);
        var pids = new List<int>();
        for (var i = 0; i < 6; i++)
            pids.Add(await client.BackendPidAsync());
        Assert.Equal(3, pids.Distinct().Count());
        Assert.Equal(pids.Take(3), pids.Skip(3));
    }

    [Theory]
    [EachDataPath(0, "33MB")]
    [EachDataPath(1, "4MB")]
    public async Task Untracked_setting_stays_on_the_server_unless_reset_always(DataPath path, int resetAlways, string seen)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1).Set("server_reset_query_always", resetAlways));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        await a.QueryAsync("SET work_mem = '33MB'");
        Assert.Equal(seen, await b.ScalarAsync("SHOW work_mem"));
    }

    /// <summary>Opens the given number of servers and returns a client that is alone with them.</summary>
    private static async Task<RawClient> WarmUpAsync(TiggerProcess pooler, int servers)
    {
        var clients = new List<RawClient>();
        for (var i = 0; i < servers; i++)
        {
            clients.Add(await pooler.ClientAsync());
            await clients[i].QueryAsync("BEGIN");
        }

        foreach (var client in clients)
            await client.QueryAsync("COMMIT");
        foreach (var client in clients.Skip(1))
            await client.CloseAsync();
        return clients[0];
    }
}
