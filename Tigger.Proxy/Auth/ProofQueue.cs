using System.Collections.Concurrent;

namespace Tigger.Auth;

/// <summary>
/// The work in client logins that takes milliseconds of a processor (PBKDF2), first come, first served, on threads of its own:
/// in a storm of logins neither the thread pool nor the event loops wait for it, and nobody who came later is served before.
/// </summary>
internal sealed class ProofQueue : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public ProofQueue()
    {
        // Half of the processors: sessions go on meanwhile.
        for (int i = 0; i < Math.Max(1, Environment.ProcessorCount / 2); i++)
        {
            new Thread(Run) { Name = $"proof-{i}", IsBackground = true }.Start();
        }
    }

    /// <summary>What the work gives when its turn has come.</summary>
    /// <exception cref="OperationCanceledException">The client waits no more; what has not begun is not done.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(
            () =>
            {
                if (cancellation.IsCancellationRequested)
                {
                    result.TrySetCanceled(cancellation);
                    return;
                }

                try
                {
                    result.TrySetResult(work());
                }
#pragma warning disable CA1031 // It is thrown where the result is awaited.
                catch (Exception fault)
#pragma warning restore CA1031
                {
                    result.TrySetException(fault);
                }
            },
            CancellationToken.None);
        return await result.Task.WaitAsync(cancellation);
    }

    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        foreach (Action work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
