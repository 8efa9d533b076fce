using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Clients that go to and fro between what the kernel path serves and what only user space can.</summary>
[Collection(AloneDefinition.Name)]
public sealed class FlipTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const int Clients = 16, Servers = 5;

    /// <summary>TIGGER_FLIPS makes a local run shorter or longer.</summary>
    private static readonly int Flips = Soak.Choose("TIGGER_FLIPS", usual: 1_600, soak: 50_000);

    [Theory(Timeout = Soak.Limit)]
    [EachDataPath]
    [Trait(Soak.Trait, Soak.Yes)]
    public async Task Every_byte_arrives_however_often_clients_change_the_path(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", Servers));
        var workers = Enumerable.Range(1, Clients).Select(number => new FlipWorker(number, Flips / Clients)).ToList();
        await Task.WhenAll(workers.Select(worker => Task.Run(() => worker.RunAsync(pooler))));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{workers.Sum(worker => worker.Flips)} times to and fro, {workers.Sum(worker => worker.Bytes) >> 20} MiB compared");
        Assert.Equal(Flips / Clients * Clients, workers.Sum(worker => worker.Flips));
        await using var console = await pooler.AdminAsync();
        await new KernelBalance(pooler, Postgres, ServerDatabase).AssertAsync(console, Servers);
    }
}
