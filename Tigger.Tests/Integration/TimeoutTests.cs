using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>What ends by itself, when, and with which words.</summary>
public sealed class TimeoutTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachDataPath("server_idle_timeout")]
    [EachDataPath("server_lifetime")]
    public async Task Idle_server_is_closed(DataPath path, string setting)
    {
        var pooler = await StartAsync(path, config => config.Set(setting, 1));
        await using var client = await pooler.ClientAsync();
        var pid = await client.BackendPidAsync();
        await Eventually.EqualAsync(0, () => Postgres.CountBackendsAsync(ServerDatabase), "servers left");
        Assert.NotEqual(pid, await client.BackendPidAsync());
    }

    [Theory]
    [EachDataPath]
    public async Task Server_in_a_transaction_outlives_its_lifetime_until_the_end(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("server_lifetime", 1));
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        var pid = await client.BackendPidAsync();
        (await client.QueryAsync("SELECT pg_sleep(1.5)")).Succeeded();
        Assert.Equal(pid, await client.BackendPidAsync());
        await client.QueryAsync("COMMIT");
        await Eventually.EqualAsync(0, () => Postgres.CountBackendsAsync(ServerDatabase), "servers left");
    }

    [Fact]
    public async Task Idle_pool_is_forgotten()
    {
        var pooler = await StartAsync(DataPath.User, config => config.Set("pool_idle_timeout", 1).Set("server_idle_timeout", 1));
        await using var admin = await pooler.AdminAsync();
        await using (var client = await pooler.ClientAsync(Roles.Alice))
        {
            await client.ScalarAsync("SELECT 1");
            await Eventually.EqualAsync(0, () => Postgres.CountBackendsAsync(ServerDatabase), "servers left");
            Assert.NotNull(await admin.PoolAsync(user: Roles.Alice));
        }

        await Eventually.TrueAsync(async () => await admin.PoolAsync(user: Roles.Alice) is null, "the pool is gone");
        await pooler.Log.WaitForAsync("cleaning up idle pool");
        await using var next = await pooler.ClientAsync(Roles.Alice);
        Assert.Equal("1", await next.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Server_fast_close_ends_a_session_between_two_transactions(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("pool_mode", "session").Set("server_fast_close", 1));
        await using var admin = await pooler.AdminAsync();
        await using var idle = await pooler.ClientAsync();
        await using var busy = await pooler.ClientAsync();
        await idle.ScalarAsync("SELECT 1");
        await busy.QueryAsync("BEGIN");
        await admin.DoAsync("RECONNECT");
        await AssertEndsWithAsync(idle, "^database configuration changed$");
        Assert.Equal("1", await busy.ScalarAsync("SELECT 1"));
        await busy.SendAsync(Frontend.Query("COMMIT"));
        await AssertEndsWithAsync(busy, "^database configuration changed$");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Limits_of_the_user_a_database_forces_hold_for_its_servers(DataPath path)
    {
        var pooler = await StartAsync(path, config => config
            .Database(Database, ("user", Roles.Alice)).User(Roles.Alice, ("idle_transaction_timeout", 1)).User(Roles.Bob, ("idle_transaction_timeout", 3600)));
        await using var bob = await pooler.ClientAsync(Roles.Bob);
        await bob.QueryAsync("BEGIN");
        await AssertEndsWithAsync(bob, "^idle transaction timeout$");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Query_timeout_counts_in_the_queue_too(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1).Set("query_timeout", 1));
        await using var holder = await pooler.ClientAsync();
        await using var waiter = await pooler.ClientAsync();
        await holder.QueryAsync("BEGIN");
        await waiter.SendAsync(Frontend.Query("SELECT 1"));
        await AssertEndsWithAsync(waiter, "^query_timeout$");
        Assert.Equal("1", await holder.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachDataPath]
    public async Task Query_timeout_ends_query_and_session(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("query_timeout", 1));
        await using var client = await pooler.ClientAsync();
        await client.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
        await AssertEndsWithAsync(client, "^query timeout$");
        await Eventually.EqualAsync(
            0, () => Postgres.CountBackendsAsync(ServerDatabase, "wait_event = 'PgSleep'"), "backends still at it", TimeSpan.FromSeconds(20));
    }

    [Theory]
    [EachDataPath]
    public async Task Idle_transaction_is_ended_and_rolled_back(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("idle_transaction_timeout", 1).Set("default_pool_size", 1));
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN; CREATE TABLE never ()");
        await AssertEndsWithAsync(client, "idle transaction timeout");
        await using var next = await pooler.ClientAsync();
        Assert.Null(await next.ScalarAsync("SELECT to_regclass('never')"));
    }

    [Theory]
    [EachDataPath]
    public async Task Long_transaction_is_ended_though_busy(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("transaction_timeout", 1));
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        await client.SendAsync(Frontend.Concat(Enumerable.Repeat(Frontend.Query("SELECT pg_sleep(0.2)"), 50)));
        var messages = await client.ReadToEndAsync();
        Assert.Contains("transaction timeout", messages[^1].Field('M')!, StringComparison.Ordinal);
    }

    [Theory]
    [EachDataPath]
    public async Task Idle_client_is_ended(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("client_idle_timeout", 1));
        await using var client = await pooler.ClientAsync();
        await client.ScalarAsync("SELECT 1");
        await AssertEndsWithAsync(client, "client_idle_timeout");
    }

    [Theory]
    [EachDataPath]
    public async Task Server_that_hangs_at_login_is_given_up(DataPath path)
    {
        var (fake, pooler) = await StartFakeAsync(
            path,
            async server =>
            {
                await server.ReadStartupAsync();
                await server.HangAsync();
            },
            config => config.Set("server_connect_timeout", 1).Set("server_login_retry", 1).Set("query_wait_timeout", 2));
        var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync());
        Assert.Equal("query_wait_timeout", refusal.Message);
        await pooler.Log.WaitForAsync("connect timeout");
        Assert.True(fake.Accepted >= 1);
    }

    /// <summary>As in PgBouncer: a restart of PostgreSQL costs time, not logins.</summary>
    [Theory]
    [EachLocalDataPath]
    public async Task Login_waits_for_a_server_that_cannot_be_reached(DataPath path)
    {
        var isUp = false;
        var (fake, pooler) = await StartFakeAsync(
            path,
            async server =>
            {
                if (!Volatile.Read(ref isUp))
                    return;
                await server.LoginAsync();
                await server.ReadQueryAsync("SELECT 1");
                await server.SendAsync(Backend.Result("1"));
            },
            config => config.Set("server_login_retry", 1).Set("query_wait_timeout", 60));
        var login = pooler.ClientAsync();
        await Eventually.TrueAsync(() => fake.Accepted > 1, "a second attempt");
        Assert.False(login.IsCompleted, "did not wait");
        Volatile.Write(ref isUp, true);
        await using var client = await login;
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));

        // From now on it is known what PostgreSQL says to a new session.
        Volatile.Write(ref isUp, false);
        await using var late = await pooler.ClientAsync();
        await Eventually.TrueAsync(() => pooler.Log.Contains("server conn crashed?"), "the server is gone");
        await late.SendAsync(Frontend.Query("SELECT 1"));
        await AssertAttemptFailsAsync(pooler, late);
    }

    [Theory]
    [EachDataPath]
    public async Task Login_failure_shows_the_servers_own_error(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Database(Database, ("user", Roles.Md5), ("password", "wrong")));
        for (var i = 0; i < 2; i++)
        {
            var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync());
            Assert.Contains($"password authentication failed for user \"{Roles.Md5}\"", refusal.Message, StringComparison.Ordinal);
            Assert.Equal("28P01", refusal.SqlState);
        }
    }

    [Theory]
    [EachDataPath]
    public async Task Failing_login_is_cached_and_retried(DataPath path)
    {
        var ready = false;
        var (fake, pooler) = await StartFakeAsync(
            path,
            async server =>
            {
                if (Volatile.Read(ref ready))
                {
                    await server.LoginAsync();
                    await server.ReadQueryAsync("SELECT 1");
                    await server.SendAsync(Backend.Result("1"));
                    await server.HangAsync();
                    return;
                }

                await server.ReadStartupAsync();
                await server.SendAsync(Backend.Error("FATAL", "57P03", "the database system is starting up"));
            },
            config => config.Set("server_login_retry", 2));
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync());
        var attempts = fake.Accepted;
        for (var i = 0; i < 5; i++)
        {
            var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync());
            Assert.Contains("the database system is starting up", refusal.Message, StringComparison.Ordinal);
        }

        Assert.InRange(fake.Accepted, attempts, attempts + 2);
        Volatile.Write(ref ready, true);
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await using var client = await pooler.ClientAsync();
                    return await client.ScalarAsync("SELECT 1") == "1";
                }
                catch (ServerErrorException)
                {
                    return false;
                }
            },
            "recovery after the server came up");
    }

    [Theory]
    [EachDataPath]
    public async Task Failing_login_is_no_reason_to_fail_while_a_server_lives(DataPath path)
    {
        var connections = 0;
        var (fake, pooler) = await StartFakeAsync(
            path,
            async server =>
            {
                if (Interlocked.Increment(ref connections) > 1)
                {
                    await server.ReadStartupAsync();
                    await server.SendAsync(Backend.Error("FATAL", "53300", "sorry, too many clients already"));
                    return;
                }

                await server.LoginAsync();
                await server.ReadQueryAsync("BEGIN");
                await server.SendAsync(Frontend.Concat(Backend.Complete("BEGIN"), Backend.Ready('T')));
                await server.ReadQueryAsync("COMMIT");
                await server.SendAsync(Frontend.Concat(Backend.Complete("COMMIT"), Backend.Ready()));
                await server.ReadQueryAsync("SELECT 'b'");
                await server.SendAsync(Backend.Result("b"));
                await server.HangAsync();
            },
            config => config.Set("server_login_retry", 1));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        await a.QueryAsync("BEGIN");
        await b.SendAsync(Frontend.Query("SELECT 'b'"));
        await Eventually.TrueAsync(() => fake.Accepted > 2, "several refused logins");
        Assert.True(await b.IsSilentForAsync(TimeSpan.FromMilliseconds(100)), "failed though a server was there");
        await a.QueryAsync("COMMIT");
        Assert.Equal("b", (await b.ReadReplyAsync()).Succeeded().Scalar);
    }

    [Theory]
    [EachDataPath]
    public async Task Check_query_runs_before_an_idle_server_is_used_again(DataPath path)
    {
        var queries = new List<string>();
        var (_, pooler) = await StartFakeAsync(
            path,
            async server =>
            {
                await server.LoginAsync();
                while (true)
                {
                    var sql = (await server.ReadMessageAsync()).Text();
                    lock (queries)
                        queries.Add(sql);
                    await server.SendAsync(Backend.Result(sql));
                }
            },
            config => config.Set("server_check_query", "are you there").Set("server_check_delay", 0));
        await using var client = await pooler.ClientAsync();
        await client.ScalarAsync("one");
        await Eventually.TrueAsync(
            async () =>
            {
                await client.ScalarAsync("two");
                lock (queries)
                    return queries.Contains("are you there");
            },
            "check query before a query");
    }

    /// <summary>The first to ask waits; who asks when an attempt has failed is told so.</summary>
    private static async Task AssertAttemptFailsAsync(TiggerProcess pooler, RawClient waiting)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                await using var next = await pooler.ClientAsync();
                await next.SendAsync(Frontend.Query("SELECT 1"));
                return !await next.IsSilentForAsync(TimeSpan.FromMilliseconds(100))
                    && (await next.ReadAsync()).Field('M')!.StartsWith("server login has been failing, cached error: ", StringComparison.Ordinal);
            },
            "a client that is told of the failure");
        Assert.True(await waiting.IsSilentForAsync(TimeSpan.FromMilliseconds(20)), "did not wait");
    }

    private static async Task AssertEndsWithAsync(RawClient client, string pattern)
    {
        var messages = await client.ReadToEndAsync();
        Assert.NotEmpty(messages);
        Assert.Equal('E', messages[^1].Type);
        Assert.Matches(pattern, messages[^1].Field('M')!);
    }
}
