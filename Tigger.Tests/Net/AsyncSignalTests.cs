using Tigger.Net;

namespace Tigger.Tests.Net;

public sealed class AsyncSignalTests
{
    [Fact]
    public async Task WaitAsync_SignalBefore_ReturnsAtOnceAndOnlyOnce()
    {
        AsyncSignal signal = new();
        signal.Set();
        signal.Set();
        Assert.True(Wait(signal).IsCompletedSuccessfully);

        Task second = Wait(signal);
        Assert.False(second.IsCompleted);
        signal.Set();
        await second;
    }

    [Fact]
    public async Task WaitAsync_SignalWhileWaiting_IsUsedUpByTheWaiter()
    {
        AsyncSignal signal = new();
        Task waiting = Wait(signal);
        signal.Set();
        await waiting;

        using CancellationTokenSource cancelled = new();
        Task next = Wait(signal, cancelled.Token);
        Assert.False(next.IsCompleted);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Set_AfterTheWaiterWasCancelled_IsKeptForTheNext()
    {
        AsyncSignal signal = new();
        using CancellationTokenSource cancelled = new();
        Task given = Wait(signal, cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        signal.Set();
        Assert.True(Wait(signal).IsCompletedSuccessfully);
    }

    private static Task Wait(AsyncSignal signal, CancellationToken cancellation = default) => signal.WaitAsync(cancellation).AsTask();
}
