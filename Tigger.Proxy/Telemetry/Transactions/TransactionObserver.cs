using Tigger.Config;
using Tigger.Mirroring;

namespace Tigger.Telemetry.Transactions;

/// <summary>Looks at the transactions of a database when they are over.</summary>
/// <param name="queue">Where transactions wait for it.</param>
/// <param name="database">The database as it is configured.</param>
internal abstract class TransactionObserver(ObserverQueue queue, DatabaseConfig database) : TransactionSink(QueueLimit)
{
    private const long QueueLimit = 16 * 1024 * 1024;

    public DatabaseConfig Database { get; } = database;

    /// <summary>A transaction, whole; those of one client come in order. Called by one thread at a time.</summary>
    public abstract void Observe(MirrorTransaction transaction);

    public sealed override void Accept(MirrorTransaction transaction)
    {
        if (!queue.TryAdd(this, transaction))
        {
            Drop(transaction.Source, MirrorDropReason.QueueFull);
            Finish(transaction);
        }
    }

    public sealed override void Left(MirrorSource source)
    {
    }

    /// <summary>Observes it and lets go of it.</summary>
    internal void Take(MirrorTransaction transaction)
    {
        try
        {
            Observe(transaction);
        }
        finally
        {
            Finish(transaction);
        }
    }
}
