using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>A CancelRequest stops the query of the client whose key it carries, and nothing else ever.</summary>
public sealed class CancelTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string Cancelled = "57014";

    [Theory]
    [EachDataPath]
    public async Task Cancel_stops_the_right_query_only(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var victim = await pooler.ClientAsync();
        await using var bystander = await pooler.ClientAsync();
        await bystander.SendAsync(Frontend.Query("SELECT pg_sleep(1), 'unharmed'"));
        await victim.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
        await WaitForSleepersAsync(2);
        await CancelAsync(pooler, victim);
        Assert.Equal(Cancelled, (await victim.ReadReplyAsync()).SqlState);
        Assert.Equal("unharmed", (await bystander.ReadReplyAsync()).Succeeded().Rows[0][1]);
        Assert.Equal("1", await victim.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachDataPath]
    public async Task Cancel_in_a_transaction_leaves_it_failed(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        await client.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
        await WaitForSleepersAsync(1);
        await CancelAsync(pooler, client);
        Assert.Equal('E', (await client.ReadReplyAsync()).Status);
        Assert.Equal('I', (await client.QueryAsync("ROLLBACK")).Status);
    }

    [Theory]
    [EachDataPath]
    public async Task Key_of_an_idle_client_harms_nobody(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var idle = await pooler.ClientAsync();
        await using var busy = await pooler.ClientAsync();
        await idle.BackendPidAsync();
        await busy.SendAsync(Frontend.Query("SELECT pg_sleep(0.7), 'unharmed'"));
        await WaitForSleepersAsync(1);
        for (var i = 0; i < 10; i++)
            await CancelAsync(pooler, idle);
        Assert.Equal("unharmed", (await busy.ReadReplyAsync()).Succeeded().Rows[0][1]);
    }

    [Theory]
    [EachDataPath]
    public async Task Wrong_secret_and_key_of_a_client_long_gone_harm_nobody(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var gone = await pooler.ClientAsync();
        await gone.CloseAsync();
        await using var busy = await pooler.ClientAsync();
        await busy.SendAsync(Frontend.Query("SELECT pg_sleep(0.7), 'unharmed'"));
        await WaitForSleepersAsync(1);
        await CancelAsync(pooler, gone);
        var wrong = (byte[])busy.Secret.Clone();
        wrong[^1] ^= 1;
        await pooler.CancelAsync(busy.Pid, wrong);
        await pooler.CancelAsync(0, [0, 0, 0, 0]);
        Assert.Equal("unharmed", (await busy.ReadReplyAsync()).Succeeded().Rows[0][1]);
    }

    [Theory]
    [EachDataPath]
    public async Task Cancel_of_a_waiting_client_spares_the_one_it_waits_for(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var admin = await pooler.AdminAsync();
        await using var holder = await pooler.ClientAsync();
        await using var waiter = await pooler.ClientAsync();
        await holder.QueryAsync("BEGIN");
        await holder.SendAsync(Frontend.Query("SELECT pg_sleep(0.5), 'unharmed'"));
        await waiter.SendAsync(Frontend.Query("SELECT 1"));
        await admin.WaitForPoolAsync("cl_waiting", 1);
        await CancelAsync(pooler, waiter);
        Assert.Equal("unharmed", (await holder.ReadReplyAsync()).Succeeded().Rows[0][1]);
        Assert.Equal('I', (await holder.QueryAsync("COMMIT")).Succeeded().Status);
        // PgBouncer runs the query all the same; cancelling it would be as good.
        Assert.Equal('I', (await waiter.ReadReplyAsync()).Status);
    }

    [Theory]
    [EachDataPath]
    public async Task Late_cancel_never_hits_the_next_client_of_the_server(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        for (var i = 0; i < 60; i++)
        {
            // The cancel races with the end of the query; whoever wins, the next client must not feel it.
            await a.SendAsync(Frontend.Query("SELECT pg_sleep(0.002)"));
            var cancelling = CancelAsync(pooler, a);
            await b.SendAsync(Frontend.Query("SELECT pg_sleep(0.005), 'unharmed'"));
            var first = await a.ReadReplyAsync();
            Assert.True(first.SqlState is null or Cancelled, first.Types);
            Assert.Equal("unharmed", (await b.ReadReplyAsync()).Succeeded().Rows[0][1]);
            await cancelling;
        }
    }

    [Theory]
    [EachDataPath]
    public async Task Keys_are_the_poolers_own_and_all_different(DataPath path)
    {
        var pooler = await StartAsync(path);
        var keys = new HashSet<string>();
        for (var i = 0; i < 50; i++)
        {
            await using var client = await pooler.ClientAsync();
            Assert.True(keys.Add(Convert.ToHexString(client.Secret)), "the same secret twice");
        }
    }

    private static Task CancelAsync(TiggerProcess pooler, RawClient client) =>
        pooler.CancelAsync(client.Pid, client.Secret);

    private Task WaitForSleepersAsync(int count) =>
        Eventually.EqualAsync(count, () => Postgres.CountBackendsAsync(ServerDatabase, "wait_event = 'PgSleep'"), "sleeping backends");
}
