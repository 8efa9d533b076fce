namespace Tigger.Mirroring;

/// <summary>
/// Where the transactions of a database are sent on to, beside the primary: a mirror, a
/// recording, the query log or traces. Thread-safe: every session
/// calls it under its own lock, so nothing here waits.
/// </summary>
/// <param name="queueBytes">Most bytes that may be collected and queued for it.</param>
internal abstract class TransactionSink(long queueBytes)
{
    private long _bytes;

    /// <summary>Bytes collected and queued now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Most bytes that may be collected and queued.</summary>
    public long QueueBytes { get; } = queueBytes;

    /// <summary>A transaction may fit now.</summary>
    public bool HasRoom => Bytes + MirrorTransaction.SmallestCapacity <= QueueBytes;

    /// <summary>Whether it wants the transactions of this client: always the same answer.</summary>
    public abstract bool Wants(MirrorSource source);

    /// <summary>
    /// A whole transaction, of which the sink is a holder now, charged with its capacity; <see cref="Finish"/> gives both back.
    /// Those of one client come in order.
    /// </summary>
    public abstract void Accept(MirrorTransaction transaction);

    /// <summary>A transaction that is not coming.</summary>
    public abstract void Drop(MirrorSource source, MirrorDropReason reason);

    /// <summary>The client has left; nothing more comes of it.</summary>
    public abstract void Left(MirrorSource source);

    /// <summary>Room for so many bytes more. False: there is none, and nothing is charged.</summary>
    public bool TryCharge(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= QueueBytes)
        {
            return true;
        }

        Uncharge(bytes);
        return false;
    }

    /// <summary>Memory that is needed in any case; new transactions find the less room.</summary>
    public void Charge(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void Uncharge(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    /// <summary>Done with a transaction it had accepted.</summary>
    protected void Finish(MirrorTransaction transaction)
    {
        Uncharge(transaction.Capacity);
        transaction.Release();
    }
}
