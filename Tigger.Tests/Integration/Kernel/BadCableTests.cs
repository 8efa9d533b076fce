using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Packets are lost and late between the hosts, so that requests and replies arrive in pieces, late and in heaps.</summary>
[Collection(AloneDefinition.Name)]
public sealed class BadCableTests(PostgresServer postgres) : KernelTest(postgres)
{
    private const int Clients = 50, Servers = 20;

    /// <summary>TIGGER_BAD_CABLE_QUERIES makes a local run shorter or longer. One in twenty is asked by a client that leaves.</summary>
    private static readonly int Queries = Soak.Choose("TIGGER_BAD_CABLE_QUERIES", usual: 3_000, soak: 106_000);

    [Theory(Timeout = Soak.Limit)]
    [EachRemoteKernelPath]
    [Trait(Soak.Trait, Soak.Yes)]
    public async Task Every_answer_belongs_to_its_question(DataPath path)
    {
        var pooler = await StartKernelAsync(Servers, path: path);
        await using var console = await pooler.AdminAsync();
        await using (await RemoteHost.UseBadCableAsync())
        {
            var before = await KernelCounters.ReadAsync(console);
            var workers = Enumerable.Range(1, Clients).Select(number => new CrossTalkWorker(pooler, number, Queries / Clients)).ToList();
            await Task.WhenAll(workers.Select(worker => Task.Run(worker.RunAsync)));
            var answered = workers.Sum(worker => worker.Answered);
            Assert.InRange(answered, Queries * 8 / 10, int.MaxValue);
            var grown = await KernelCounters.SinceAsync(console, before);
            TestContext.Current.TestOutputHelper?.WriteLine($"{answered} answers; {grown}");
            Assert.True(grown["request"] > Queries / 10, $"{grown["request"]} requests in the kernel");
        }

        Assert.Equal(0, (await console.CountersAsync())["kernel_cut_short"]);
        await AssertBalanceAsync(pooler, console, Servers);
    }
}
