using Tigger.Auth;

namespace Tigger.Tests.Auth;

public sealed class ProofQueueTests
{
    private static readonly int MostAtOnce = Math.Max(1, Environment.ProcessorCount / 2);

    [Fact]
    public async Task Work_is_begun_in_the_order_it_came_and_only_so_much_at_once()
    {
        using var queue = new ProofQueue();
        var (begun, underWay, most, gate) = (new List<int>(), 0, 0, new Lock());
        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => queue.RunAsync(
            () =>
            {
                lock (gate)
                {
                    begun.Add(number);
                    most = Math.Max(most, ++underWay);
                }

                Thread.Yield();
                lock (gate)
                    return --underWay;
            },
            TestContext.Current.CancellationToken)));
        Assert.InRange(most, 1, MostAtOnce);
        // Who began at the same moment may have noted it in another order.
        Assert.All(begun.Select((number, place) => Math.Abs(number - place)), distance => Assert.InRange(distance, 0, MostAtOnce));
    }

    [Fact]
    public async Task Who_waits_no_more_costs_nothing_and_a_fault_is_its_owners()
    {
        using var queue = new ProofQueue();
        using var release = new ManualResetEventSlim();
        var busy = Enumerable.Range(0, MostAtOnce).Select(_ => queue.RunAsync(() => release.Wait(TimeSpan.FromSeconds(30)), CancellationToken.None)).ToList();
        using var leaves = new CancellationTokenSource();
        var done = false;
        var left = queue.RunAsync(() => done = true, leaves.Token);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        release.Set();
        Assert.All(await Task.WhenAll(busy), Assert.True);
        await Assert.ThrowsAsync<InvalidOperationException>(() => queue.RunAsync<int>(() => throw new InvalidOperationException(), CancellationToken.None));
        Assert.Equal(1, await queue.RunAsync(() => 1, CancellationToken.None));
        Assert.False(done);
    }
}
