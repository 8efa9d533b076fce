using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>How many servers and clients there may be, and who is served first.</summary>
public sealed class LimitsTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachDataPath]
    public async Task Pool_size_is_never_exceeded(DataPath path)
    {
        const int Size = 3;
        var pooler = await StartAsync(path, config => config.Database(Database, ("pool_size", Size)));
        var clients = new List<RawClient>();
        for (var i = 0; i < 20; i++)
            clients.Add(Own(await pooler.ClientAsync()));
        var work = Task.WhenAll(clients.Select(async client =>
        {
            for (var i = 0; i < 10; i++)
                (await client.QueryAsync("SELECT pg_sleep(0.01)")).Succeeded();
        }));
        long most = 0;
        while (!work.IsCompleted)
            most = Math.Max(most, await Postgres.CountBackendsAsync(ServerDatabase));
        await work;
        Assert.Equal(Size, most);
    }

    [Theory]
    [EachDataPath]
    public async Task Min_pool_size_is_opened_without_being_asked_for(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("min_pool_size", 3));
        await using var client = await pooler.ClientAsync();
        await client.ScalarAsync("SELECT 1");
        await Eventually.EqualAsync(3, () => Postgres.CountBackendsAsync(ServerDatabase), "servers of the pool");
    }

    [Fact]
    public async Task Min_pool_size_of_a_forced_user_needs_no_client()
    {
        await StartAsync(DataPath.User, config => config.Database(Database, ("user", Roles.Alice), ("min_pool_size", 2)));
        await Eventually.EqualAsync(2, () => Postgres.CountBackendsAsync(ServerDatabase, $"usename = '{Roles.Alice}'"), "servers of the pool");
    }

    [Fact]
    public async Task Total_limit_evicts_an_idle_server_of_another_database()
    {
        var pooler = await StartAsync(DataPath.User, config => config
            .Set("max_server_connections", 1)
            .Database("other", ("host", Topology.Loopback), ("port", Postgres.Port), ("dbname", ServerDatabase)));
        await using var here = await pooler.ClientAsync(Roles.Alice);
        await using var there = await pooler.ClientAsync(Roles.Bob, "other");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Roles.Alice, await here.ScalarAsync("SELECT current_user"));
            Assert.Equal(Roles.Bob, await there.ScalarAsync("SELECT current_user"));
            Assert.Equal(1, await Postgres.CountBackendsAsync(ServerDatabase));
        }
    }

    [Fact]
    public async Task Login_storm_of_many_pools_meets_a_bounded_number_of_logins()
    {
        const int Clients = 60, Bound = 16;
        var atOnce = 0;
        var most = 0;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (fake, pooler) = await StartFakeAsync(
            DataPath.User,
            async server =>
            {
                await server.ReadStartupAsync();
                InterlockedMax(ref most, Interlocked.Increment(ref atOnce));
                await gate.Task;
                Interlocked.Decrement(ref atOnce);
                await server.SendAsync(Backend.Error("FATAL", "57P03", "the database system is starting up"));
            },
            config =>
            {
                config.Set("max_client_conn", 2 * Clients);
                for (var i = 0; i < Clients; i++)
                    config.User($"user{i}", ("password", "x"));
            });
        var logins = Enumerable.Range(0, Clients).Select(i => Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync($"user{i}"))).ToList();
        await Eventually.TrueAsync(() => fake.Accepted >= Bound, "as many logins as are allowed at once");
        await using var admin = await pooler.AdminAsync();
        await Eventually.TrueAsync(async () => (await admin.ShowAsync("POOLS")).Count > Clients, "all pools want a server");
        Assert.Equal(Bound, fake.Accepted);
        gate.SetResult();
        foreach (var refusal in await Task.WhenAll(logins))
            Assert.Equal("57P03", refusal.SqlState);
        Assert.InRange(most, 1, Bound);
    }

    [Theory]
    [EachDataPath]
    public async Task Reserve_pool_helps_after_its_timeout(DataPath path)
    {
        var pooler = await StartAsync(path, config => config
            .Set("default_pool_size", 1).Set("reserve_pool_size", 1).Set("reserve_pool_timeout", 1));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        await using var c = await pooler.ClientAsync();
        await a.QueryAsync("BEGIN");
        (await b.QueryAsync("BEGIN")).Succeeded();
        await pooler.Log.WaitForAsync("taking connection from reserve_pool");
        await c.SendAsync(Frontend.Query("SELECT 'c'"));
        Assert.True(await c.IsSilentForAsync(TimeSpan.FromSeconds(1.5)), "a reserve of one served two");
        await a.QueryAsync("COMMIT");
        Assert.Equal("c", (await c.ReadReplyAsync()).Scalar);
    }

    [Theory]
    [EachDataPath]
    public async Task Database_limit_evicts_an_idle_server_of_another_user(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("max_db_connections", 1));
        await using var alice = await pooler.ClientAsync(Roles.Alice);
        await alice.ScalarAsync("SELECT 1");
        await using var bob = await pooler.ClientAsync(Roles.Bob);
        Assert.Equal(Roles.Bob, await bob.ScalarAsync("SELECT current_user"));
        Assert.Equal(Roles.Alice, await alice.ScalarAsync("SELECT current_user"));
        Assert.InRange(await Postgres.CountBackendsAsync(ServerDatabase), 1, 1);
        Assert.True(pooler.Log.Contains("evicted"), pooler.Log.Text);
    }

    [Theory]
    [EachDataPath]
    public async Task Database_limit_waits_for_a_busy_server_of_another_user(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Database(Database, ("max_db_connections", 1)));
        await using var alice = await pooler.ClientAsync(Roles.Alice);
        await using var bob = await LoginAsync(pooler, Roles.Bob);
        await alice.QueryAsync("BEGIN");
        await bob.SendAsync(Frontend.Query("SELECT 'bob'"));
        Assert.True(await bob.IsSilentForAsync(TimeSpan.FromMilliseconds(500)));
        await alice.QueryAsync("COMMIT");
        Assert.Equal("bob", (await bob.ReadReplyAsync()).Scalar);
        Assert.Equal(1, await Postgres.CountBackendsAsync(ServerDatabase));
    }

    [Theory]
    [EachDataPath]
    public async Task User_limit_spans_databases(DataPath path)
    {
        var pooler = await StartAsync(path, config => config
            .Database("other", ("host", Topology.Of(path).ServerHost), ("port", Postgres.Port), ("dbname", ServerDatabase))
            .User(Roles.Alice, ("max_user_connections", 1)));
        await using var here = await pooler.ClientAsync(Roles.Alice);
        await here.ScalarAsync("SELECT 1");
        await using var there = await pooler.ClientAsync(Roles.Alice, "other");
        await here.QueryAsync("BEGIN");
        await there.SendAsync(Frontend.Query("SELECT 'there'"));
        Assert.True(await there.IsSilentForAsync(TimeSpan.FromMilliseconds(500)));
        await here.QueryAsync("COMMIT");
        Assert.Equal("there", (await there.ReadReplyAsync()).Scalar);
        Assert.Equal(1, await Postgres.CountBackendsAsync(ServerDatabase, $"usename = '{Roles.Alice}'"));
    }

    [Theory]
    [EachDataPath("max_db_client_connections")]
    [EachDataPath("max_user_client_connections")]
    public async Task Client_limit_names_itself(DataPath path, string limit)
    {
        var pooler = await StartAsync(path, config => config.Set(limit, 1));
        await using var first = await pooler.ClientAsync(Roles.Alice);
        var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(Roles.Alice));
        Assert.Equal($"client connections exceeded ({limit})", refusal.Message);
        await first.CloseAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await using var next = await pooler.ClientAsync(Roles.Alice);
                    return true;
                }
                catch (ServerErrorException)
                {
                    return false;
                }
            },
            "room after the first client left");
    }

    [Theory]
    [EachDataPath]
    public async Task Waiting_clients_are_served_first_come_first_served(DataPath path)
    {
        const int Count = 12;
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await Postgres.ExecuteAsync("CREATE SEQUENCE turn", ServerDatabase);
        await using var admin = await pooler.AdminAsync();
        await using var holder = await pooler.ClientAsync();
        var waiting = new List<RawClient>();
        for (var i = 0; i < Count; i++)
            waiting.Add(Own(await pooler.ClientAsync()));
        await holder.QueryAsync("BEGIN");
        for (var i = 0; i < Count; i++)
        {
            await waiting[i].SendAsync(Frontend.Query("SELECT nextval('turn')"));
            await admin.WaitForPoolAsync("cl_waiting", i + 1);
        }

        await holder.QueryAsync("COMMIT");
        for (var i = 0; i < Count; i++)
            Assert.Equal($"{i + 1}", (await waiting[i].ReadReplyAsync()).Scalar);
    }

    [Theory]
    [EachDataPath]
    public async Task Client_that_leaves_the_queue_is_skipped(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var admin = await pooler.AdminAsync();
        await using var holder = await pooler.ClientAsync();
        await using var quitter = await pooler.ClientAsync();
        await using var patient = await pooler.ClientAsync();
        await holder.QueryAsync("BEGIN");
        await quitter.SendAsync(Frontend.Query("SELECT 'quitter'"));
        await admin.WaitForPoolAsync("cl_waiting", 1);
        await patient.SendAsync(Frontend.Query("SELECT 'patient'"));
        await admin.WaitForPoolAsync("cl_waiting", 2);
        quitter.Abort();
        await holder.QueryAsync("COMMIT");
        Assert.Equal("patient", (await patient.ReadReplyAsync()).Succeeded().Scalar);
        await admin.WaitForPoolAsync("cl_waiting", 0);
        Assert.Equal("next", await holder.ScalarAsync("SELECT 'next'"));
    }

    [Theory]
    [EachDataPath]
    public async Task Waiting_too_long_ends_with_query_wait_timeout(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1).Set("query_wait_timeout", 1));
        await using var holder = await pooler.ClientAsync();
        await using var waiter = await pooler.ClientAsync();
        await holder.QueryAsync("BEGIN");
        await waiter.SendAsync(Frontend.Query("SELECT 1"));
        var error = Assert.Single(await waiter.ReadToEndAsync());
        Assert.Equal("query_wait_timeout", error.Field('M'));
        Assert.Equal("08P01", error.Field('C'));
        Assert.Equal('I', (await holder.QueryAsync("COMMIT")).Succeeded().Status);
    }

    [Theory]
    [EachDataPath]
    public async Task Waiting_client_is_told_by_a_notice(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1).Set("query_wait_notify", 1));
        await using var holder = await pooler.ClientAsync();
        await using var waiter = await pooler.ClientAsync();
        await holder.QueryAsync("BEGIN");
        await waiter.SendAsync(Frontend.Query("SELECT 'at last'"));
        var notice = await waiter.ReadAsync();
        Assert.Equal('N', notice.Type);
        Assert.Contains("queued", notice.Field('M')!, StringComparison.Ordinal);
        await holder.QueryAsync("COMMIT");
        Assert.Equal("at last", (await waiter.ReadReplyAsync()).Scalar);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }

    /// <summary>Logs in and lets the pool forget the server it may have needed for that.</summary>
    private static async Task<RawClient> LoginAsync(TiggerProcess pooler, string user)
    {
        var client = await pooler.ClientAsync(user);
        await client.ScalarAsync("SELECT 1");
        return client;
    }
}
