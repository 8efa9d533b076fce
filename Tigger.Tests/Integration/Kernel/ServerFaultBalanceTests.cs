using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Backends end, alone or all at once: their clients are told, nobody is given a dead one, and the pool fills up again.</summary>
public sealed class ServerFaultBalanceTests(PostgresServer postgres) : KernelTest(postgres)
{
    private const int PoolSize = 3;
    private const string AdminShutdown = "57P01";

    [Theory]
    [EachKernelPath]
    public async Task Backend_TerminatedWhileIdle_IsReplacedUnnoticed(DataPath path)
    {
        var pooler = await StartKernelAsync(PoolSize, path: path);
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        for (var i = 0; i < 10; i++)
        {
            var pid = await client.BackendPidAsync();
            await Postgres.TerminateBackendAsync(pid);
            await Eventually.EqualAsync(0, async () => (await console.ShowAsync("SERVERS")).Count(row => row["remote_pid"] == $"{pid}"), "dead server in the pool");
            Assert.NotEqual(pid, await client.BackendPidAsync());
        }

        await AssertBalanceAsync(pooler, console, PoolSize);
    }

    [Theory]
    [EachKernelPath(false)]
    [EachKernelPath(true)]
    public async Task Backend_TerminatedInATransaction_ClientGetsItsWordsAndTheEnd(DataPath path, bool running)
    {
        var pooler = await StartKernelAsync(PoolSize, path: path);
        await using var console = await pooler.AdminAsync();
        for (var i = 0; i < 5; i++)
        {
            await using var client = await pooler.ClientAsync();
            Assert.Equal('T', (await client.QueryAsync("BEGIN")).Status);
            var pid = await client.BackendPidAsync();
            if (running)
            {
                await client.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
                await Eventually.EqualAsync(1, () => Postgres.CountBackendsAsync(ServerDatabase, $"wait_event = 'PgSleep' AND pid = {pid}"), "sleeping backend");
            }

            await Postgres.TerminateBackendAsync(pid);
            var messages = await client.ReadToEndAsync();
            Assert.Equal(AdminShutdown, messages.First(message => message.Type == 'E').Field('C'));
            Assert.DoesNotContain(messages, message => message.Type is 'C' or 'Z');
        }

        await AssertBalanceAsync(pooler, console, PoolSize);
    }

    [Theory]
    [EachKernelPath]
    public async Task Backend_TerminatedInAQueryWithOthersWaiting_OthersAreServed(DataPath path)
    {
        var pooler = await StartKernelAsync(1, path: path);
        await using var console = await pooler.AdminAsync();
        await using var victim = await pooler.ClientAsync();
        await using var other = await pooler.ClientAsync();
        await using var third = await pooler.ClientAsync();
        var pid = await victim.BackendPidAsync();
        await victim.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
        await Eventually.EqualAsync(1, () => Postgres.CountBackendsAsync(ServerDatabase, "wait_event = 'PgSleep'"), "sleeping backend");
        await other.SendAsync(Frontend.Query("SELECT 'other'"));
        await console.WaitForPoolAsync("cl_waiting", 1);
        await third.SendAsync(Frontend.Query("SELECT 'third'"));
        await console.WaitForPoolAsync("cl_waiting", 2);
        await Postgres.TerminateBackendAsync(pid);
        Assert.Equal(AdminShutdown, (await victim.ReadToEndAsync()).First(message => message.Type == 'E').Field('C'));
        Assert.Equal("other", (await other.ReadReplyAsync()).Succeeded().Scalar);
        Assert.Equal("third", (await third.ReadReplyAsync()).Succeeded().Scalar);
        await AssertBalanceAsync(pooler, console, 1);
    }

    /// <summary>kill -9 of a backend: PostgreSQL ends all others, too, and recovers.</summary>
    [Theory]
    [EachKernelPath]
    public async Task Backend_KilledInATransaction_EverybodyIsToldAndThePoolFillsUpAgain(DataPath path)
    {
        const string Own = "own";
        await using var own = await PostgresServer.StartPrivateAsync();
        var pooler = await StartKernelAsync(
            PoolSize,
            config => config.Set("server_login_retry", 1).Database(Own, ("host", Topology.Of(path).ServerHost), ("port", own.Port), ("dbname", "p0")),
            path);
        await using var console = await pooler.AdminAsync();
        await using var victim = await pooler.ClientAsync(database: Own);
        await using var other = await pooler.ClientAsync(database: Own);
        await using var idle = await pooler.ClientAsync(database: Own);
        Assert.Equal("1", await idle.ScalarAsync("SELECT 1"));
        Assert.Equal('T', (await victim.QueryAsync("BEGIN")).Status);
        var pid = await victim.BackendPidAsync();
        Assert.Equal('T', (await other.QueryAsync("BEGIN")).Status);
        await other.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
        await victim.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
        await Eventually.EqualAsync(2, () => own.CountBackendsAsync("p0", "wait_event = 'PgSleep'"), "sleeping backends");
        Assert.Equal(0, LibC.Kill(pid, (int)Signal.Kill));
        foreach (var told in new[] { victim, other })
        {
            var messages = await told.ReadToEndAsync();
            Assert.Contains(messages, message => message.Type == 'E');
            Assert.DoesNotContain(messages, message => message.Type is 'C' or 'Z');
        }

        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return (await idle.QueryAsync("SELECT 1")).Errors.Count == 0;
                }
                catch (Exception fault) when (fault is IOException or System.Net.Sockets.SocketException)
                {
                    // It was served by a backend that ended.
                    return true;
                }
            },
            "an answer or the end for the client that was idle");
        await new KernelBalance(pooler, own, "p0", Own).AssertAsync(console, PoolSize);
    }

    [Theory]
    [EachKernelPath(Signal.Int)]
    [EachKernelPath(Signal.Quit)]
    public async Task Postgres_RestartedUnderLoad_AnswersAreRightOrMissing(DataPath path, Signal signal)
    {
        const string Own = "own";
        await using var own = await PostgresServer.StartPrivateAsync();
        var pooler = await StartKernelAsync(
            PoolSize,
            config => config.Set("server_login_retry", 1).Database(Own, ("host", Topology.Of(path).ServerHost), ("port", own.Port), ("dbname", "p0")),
            path);
        await using var console = await pooler.AdminAsync();
        using var stop = new CancellationTokenSource();
        var answers = 0;
        var workers = Enumerable.Range(0, 12).Select(number => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await AskAsync(pooler, Own, number, () => Interlocked.Increment(ref answers), stop.Token);
        })).ToList();
        for (var round = 0; round < 2; round++)
        {
            var before = Volatile.Read(ref answers);
            await Eventually.TrueAsync(() => Volatile.Read(ref answers) > before + 1000, "answers before the restart");
            await own.StopAsync(signal);
            await own.StartAsync();
        }

        var after = Volatile.Read(ref answers);
        await Eventually.TrueAsync(() => Volatile.Read(ref answers) > after + 1000, "answers after the restart");
        await stop.CancelAsync();
        await Task.WhenAll(workers);
        await new KernelBalance(pooler, own, "p0", Own).AssertAsync(console, PoolSize);
    }

    /// <summary>A client of its own until something goes wrong, which it may; a wrong answer it may not get.</summary>
    private static async Task AskAsync(TiggerProcess pooler, string database, int number, Action answered, CancellationToken stop)
    {
        try
        {
            await using var client = await pooler.ClientAsync(database: database);
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var reply = await client.QueryAsync($"SELECT '{number}/{i}'");
                if (reply.Errors.Count > 0)
                    return;
                Assert.Equal($"{number}/{i}", reply.Scalar);
                answered();
            }
        }
        catch (Exception e) when (e is ServerErrorException or IOException or System.Net.Sockets.SocketException)
        {
            // The server is away, and the client was told so or cut off.
            await Task.Delay(10, CancellationToken.None);
        }
    }
}
