using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Tigger.Mirroring;

namespace Tigger.Telemetry.Transactions;

/// <summary>
/// Transactions that are over and wait to be looked at, by one task for all databases. It takes many at a time and pauses in
/// between, so that a session does not have to wake it for each.
/// </summary>
/// <param name="rest">Called by the same task whenever nothing waits for the moment.</param>
/// <param name="clock">For the pauses.</param>
/// <param name="logger">Where faults are told of.</param>
internal sealed partial class ObserverQueue(Action rest, TimeProvider clock, ILogger logger) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    private readonly Channel<(TransactionObserver Observer, MirrorTransaction Transaction)> _queue =
        Channel.CreateUnbounded<(TransactionObserver, MirrorTransaction)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly CancellationTokenSource _ending = new();
    private Task? _worker;

    /// <summary>False: the process ends.</summary>
    public bool TryAdd(TransactionObserver observer, MirrorTransaction transaction)
    {
        if (Volatile.Read(ref _worker) is null)
        {
            Start();
        }

        return _queue.Writer.TryWrite((observer, transaction));
    }

    /// <summary>What waits is looked at first.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _ending.Cancel();
        _worker?.Wait(LongestEnd);
        _ending.Dispose();
    }

    private void Start()
    {
        Task<Task> worker = new(RunAsync);
        if (Interlocked.CompareExchange(ref _worker, worker.Unwrap(), null) is null)
        {
            worker.Start(TaskScheduler.Default);
        }
    }

    private async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (_queue.Reader.TryRead(out (TransactionObserver Observer, MirrorTransaction Transaction) next))
            {
                Take(next.Observer, next.Transaction);
            }

            rest();
            await Task.Delay(Pause, clock, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Take(TransactionObserver observer, MirrorTransaction transaction)
    {
        try
        {
            observer.Take(transaction);
        }
#pragma warning disable CA1031 // Nobody is above; the next transaction has nothing to do with it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFault(logger, fault);
        }
    }

    [LoggerMessage(8101, LogLevel.Error, "fault in looking at a transaction")]
    private static partial void LogFault(ILogger logger, Exception fault);
}
