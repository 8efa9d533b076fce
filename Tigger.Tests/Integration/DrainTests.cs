using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>An end that clients notice by an error they know, and never in a transaction: for whoever replaces poolers often.</summary>
public sealed class DrainTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string AdminShutdown = "57P01";

    [Theory]
    [EachLocalDataPath]
    public async Task Term_tells_idle_clients_at_once_and_the_others_after_their_transaction(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("drain_timeout", 60).Set("default_pool_size", 1));
        await using var idle = await pooler.ClientAsync();
        await using var busy = await pooler.ClientAsync();
        await using var waiting = await pooler.ClientAsync();
        await idle.ScalarAsync("SELECT 1");
        (await busy.QueryAsync("BEGIN; CREATE TABLE kept ()")).Succeeded();
        await waiting.SendAsync(Frontend.Query("SELECT 'served'"));
        await using var admin = await pooler.AdminAsync();
        await admin.WaitForPoolAsync("cl_waiting", 1);

        pooler.Send(Signal.Term);
        await AssertSentAwayAsync(idle);
        (await busy.QueryAsync("SELECT 1")).Succeeded();
        Assert.False(pooler.HasExited);
        Assert.Equal("COMMIT", Assert.Single((await busy.QueryAsync("COMMIT")).Succeeded().Tags));
        await AssertSentAwayAsync(busy);
        Assert.Equal("served", (await waiting.ReadReplyAsync()).Scalar);
        await AssertSentAwayAsync(waiting);
        Assert.Equal(0, await pooler.WaitForExitAsync());
        Assert.Equal(1, await Postgres.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'kept'", ServerDatabase));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task A_client_that_never_pauses_leaves_between_two_transactions(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("drain_timeout", 60));
        await using var setup = await Postgres.ConnectRawAsync(ServerDatabase);
        (await setup.QueryAsync("CREATE TABLE done (n int)")).Succeeded();
        await using var client = await pooler.ClientAsync();
        var acknowledged = 0;
        await using var admin = await pooler.AdminAsync();
        IReadOnlyList<BackendMessage> last;
        while (true)
        {
            await client.SendAsync(Frontend.Query("BEGIN; INSERT INTO done VALUES (1); COMMIT"));
            var messages = new List<BackendMessage>();
            do
                messages.Add(await client.ReadAsync());
            while (messages[^1].Type is not ('Z' or 'E'));
            last = messages;
            if (messages[^1].Type == 'E')
                break;
            if (++acknowledged == 20)
                pooler.Send(Signal.Term);
        }

        Assert.Equal(AdminShutdown, Assert.Single(last).Field('C'));
        Assert.Equal(0, await pooler.WaitForExitAsync());
        Assert.Equal($"{acknowledged}", await setup.ScalarAsync("SELECT count(*) FROM done"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task In_session_mode_a_client_outside_a_transaction_is_idle(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("pool_mode", "session"));
        await using var client = await pooler.ClientAsync();
        await using var busy = await pooler.ClientAsync();
        await client.ScalarAsync("SELECT 1");
        (await busy.QueryAsync("BEGIN")).Succeeded();
        await using (var admin = await pooler.AdminAsync())
            Assert.Equal("SHUTDOWN", await admin.DoAsync("SHUTDOWN DRAIN"));
        await AssertSentAwayAsync(client);
        (await busy.QueryAsync("COMMIT")).Succeeded();
        await AssertSentAwayAsync(busy);
        Assert.Equal(0, await pooler.WaitForExitAsync());
    }

    [Fact]
    public async Task After_the_time_limit_transactions_are_cut_short()
    {
        var pooler = await StartAsync(DataPath.User, config => config.Set("drain_timeout", 0.5));
        await using var client = await pooler.ClientAsync();
        (await client.QueryAsync("BEGIN")).Succeeded();
        pooler.Send(Signal.Term);
        await AssertSentAwayAsync(client);
        Assert.Equal(0, await pooler.WaitForExitAsync());
        Assert.True(pooler.Log.Contains("drain_timeout: closing 1 clients"), pooler.Log.Text);
        await Eventually.EqualAsync(0, () => Postgres.CountBackendsAsync(ServerDatabase), "servers left behind");
    }

    private static async Task AssertSentAwayAsync(RawClient client)
    {
        var error = Assert.Single(await client.ReadToEndAsync());
        Assert.Equal(("FATAL", AdminShutdown), (error.Field('S'), error.Field('C')));
    }
}
