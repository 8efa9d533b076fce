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
