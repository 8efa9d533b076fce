using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>The network between clients and pooler fails for a while: TCP sends again, and nothing is lost or doubled.</summary>
[Collection(AloneDefinition.Name)]
public sealed class LinkCutTests(PostgresServer postgres) : KernelTest(postgres)
{
    [RequiresBpfFact]
    public async Task Link_cut_under_load_and_restored_loses_nothing()
    {
        const int Clients = 12, PoolSize = 3, Rounds = 3;
        var pooler = await StartKernelAsync(PoolSize, path: DataPath.KernelRemoteClient);
        using var stop = new CancellationTokenSource();
        var answers = 0;
        var workers = Enumerable.Range(0, Clients).Select(number => Task.Run(async () =>
        {
            await using var client = await pooler.ClientAsync();
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                Assert.Equal($"{number}/{i}", await client.ScalarAsync($"SELECT '{number}/{i}'"));
                Interlocked.Increment(ref answers);
            }
        })).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            var before = Volatile.Read(ref answers);
            await Eventually.TrueAsync(() => Volatile.Read(ref answers) > before + 1000, "answers before the cut");
            await RemoteHost.CutAsync(TimeSpan.FromMilliseconds(500));
        }

        var after = Volatile.Read(ref answers);
        await Eventually.TrueAsync(() => Volatile.Read(ref answers) > after + 1000, "answers after the last cut");
        await stop.CancelAsync();
        await Task.WhenAll(workers);
        await using var console = await pooler.AdminAsync();
        Assert.Equal(0, (await console.CountersAsync())["kernel_cut_short"]);
        await AssertBalanceAsync(pooler, console, PoolSize);
    }
}
