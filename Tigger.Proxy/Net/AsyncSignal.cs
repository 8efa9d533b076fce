namespace Tigger.Net;

/// <summary>An auto-reset event for one waiter at a time; a signal given while nobody waits is remembered.</summary>
internal sealed class AsyncSignal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiter;
    private bool _signalled;

    public void Set()
    {
        lock (_lock)
        {
            // A waiter that was cancelled has left without the signal: it is kept for the next.
            _signalled = _waiter is null || !_waiter.TrySetResult();
            _waiter = null;
        }
    }

    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        TaskCompletionSource waiter;
        lock (_lock)
        {
            if (_signalled)
            {
                _signalled = false;
                return;
            }

            // Continuations leave the loop's thread: they may do the slow work of a login.
            waiter = _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        using CancellationTokenRegistration registration = cancellation.Register(() => waiter.TrySetCanceled(cancellation));
        await waiter.Task;
    }
}
