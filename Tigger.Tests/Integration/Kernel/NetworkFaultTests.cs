using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>The network between the hosts fails for a while: TCP sends again, and nothing is lost or doubled.</summary>
[Collection(AloneDefinition.Name)]
public sealed class NetworkFaultTests(PostgresServer postgres) : KernelTest(postgres)
{
    private const int Clients = 12, PoolSize = 3;

    [Theory]
    [EachRemoteKernelPath]
    public async Task Link_cut_under_load_and_restored_loses_nothing(DataPath path)
    {
        var pooler = await StartKernelAsync(PoolSize, path: path);
        await LoadAsync(pooler, async answers =>
        {
            for (var round = 0; round < 2; round++)
            {
                await answers(1000);
                await RemoteHost.CutAsync(TimeSpan.FromMilliseconds(500));
            }

            await answers(1000);
        });
    }

    [Theory]
    [EachRemoteKernelPath]
    public async Task Lost_and_late_packets_lose_nothing(DataPath path)
    {
        var pooler = await StartKernelAsync(PoolSize, path: path);
        await LoadAsync(pooler, async answers =>
        {
            await answers(1000);
            await using (await RemoteHost.UseBadCableAsync())
                await answers(1000);
            await answers(1000);
        });
    }

    /// <summary>Nothing of the end of PostgreSQL's host gets through: the client in a transaction learns of it by keepalives.</summary>
    [Theory]
    [EachRemoteKernelPath]
    public async Task Postgres_lost_behind_a_cut_link_is_told_to_its_client(DataPath path)
    {
        const string Own = "own";
        await using var own = await PostgresServer.StartPrivateAsync();
        var pooler = await StartKernelAsync(
            PoolSize,
            config => config.Set("tcp_keepidle", 1).Set("tcp_keepintvl", 1).Set("tcp_keepcnt", 5).Set("server_login_retry", 1)
                .Database(Own, ("host", Topology.Of(path).ServerHost), ("port", own.Port), ("dbname", "p0")),
            path);
        await using var console = await pooler.AdminAsync();
        await using (var client = await pooler.ClientAsync(database: Own))
        {
            Assert.Equal('T', (await client.QueryAsync("BEGIN")).Status);
            await client.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
            await Eventually.EqualAsync(1, () => own.CountBackendsAsync("p0", "wait_event = 'PgSleep'"), "sleeping backend");
            await RemoteHost.CutAsync(own.Kill9Async);
            var messages = await client.ReadToEndAsync();
            Assert.Contains(messages, message => message.Type == 'E');
            Assert.DoesNotContain(messages, message => message.Type is 'C' or 'Z');
        }

        await own.StartAsync();
        await new KernelBalance(pooler, own, "p0", Own).AssertAsync(console, PoolSize);
    }

    /// <summary>Clients that compare every answer, short and long, while <paramref name="disturb"/> waits for so many more of them.</summary>
    private async Task LoadAsync(TiggerProcess pooler, Func<Func<int, Task>, Task> disturb)
    {
        using var stop = new CancellationTokenSource();
        var answers = 0;
        var workers = Enumerable.Range(0, Clients).Select(number => Task.Run(async () =>
        {
            await using var client = await pooler.ClientAsync();
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var times = i % 50 == 49 ? 4000 : 1;
                var answer = await client.ScalarAsync($"SELECT repeat('{number}/{i} ', {times})");
                Assert.Equal(string.Concat(Enumerable.Repeat($"{number}/{i} ", times)), answer);
                Interlocked.Increment(ref answers);
            }
        })).ToList();
        await disturb(async more =>
        {
            var wanted = Volatile.Read(ref answers) + more;
            await Eventually.TrueAsync(
                () => Volatile.Read(ref answers) >= wanted || workers.Any(worker => worker.IsFaulted), $"{more} more answers");
        });
        await stop.CancelAsync();
        await Task.WhenAll(workers);
        await using var console = await pooler.AdminAsync();
        Assert.Equal(0, (await console.CountersAsync())["kernel_cut_short"]);
        await AssertBalanceAsync(pooler, console, PoolSize);
    }
}
