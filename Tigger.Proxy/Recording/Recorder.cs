using System.Threading.Channels;
using Tigger.Mirroring;
using Tigger.Pooling;

namespace Tigger.Recording;

/// <summary>Takes a database's transactions and makes records of them, for one reader.</summary>
internal sealed class Recorder(DatabaseState database, PoolRegistry registry) : TransactionSink(QueueLimit)
{
    private const long QueueLimit = 64 * 1024 * 1024;

    private readonly Channel<MirrorTransaction> _queue = Channel.CreateUnbounded<MirrorTransaction>();
    private readonly long _startedAt = registry.Clock.GetTimestamp();
    private readonly DateTimeOffset _startedTime = registry.Clock.GetUtcNow();

    /// <summary>What the recording begins with.</summary>
    public byte[] Head() =>
        [.. RecordFormat.Magic, .. RecordFormat.Write(new RecordHeader(database.Name, _startedTime, registry.Tracked.Names))];

    /// <summary>The next record, when there is one.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public async ValueTask<byte[]> NextAsync(CancellationToken cancellation)
    {
        MirrorTransaction transaction = await _queue.Reader.ReadAsync(cancellation);
        byte[] record = RecordFormat.Write(ToRecord(transaction));
        Finish(transaction);
        return record;
    }

    public override bool Wants(MirrorSource source) => true;

    public override void Accept(MirrorTransaction transaction)
    {
        if (!_queue.Writer.TryWrite(transaction))
        {
            Finish(transaction);
        }
    }

    /// <summary>The client's next record tells by its sequence.</summary>
    public override void Drop(MirrorSource source, MirrorDropReason reason)
    {
    }

    public override void Left(MirrorSource source)
    {
    }

    /// <summary>Lets go of everything; to be called when no more can come but what is under way.</summary>
    public void Stop()
    {
        _queue.Writer.Complete();
        while (_queue.Reader.TryRead(out MirrorTransaction? transaction))
        {
            Finish(transaction);
        }
    }

    private RecordedTransaction ToRecord(MirrorTransaction transaction) => new()
    {
        Client = transaction.Source.Client,
        Sequence = transaction.Sequence,
        StartedAt = registry.Clock.GetElapsedTime(_startedAt, transaction.Outcome.StartedAt),
        EndedAt = registry.Clock.GetElapsedTime(_startedAt, transaction.Outcome.EndedAt),
        BusyTime = registry.Clock.GetElapsedTime(0, transaction.Outcome.BusyTime),
        SqlState = transaction.Outcome.SqlState ?? "",
        OwnsServer = transaction.Source.OwnsServer,
        User = transaction.Source.User,
        Parameters = [.. registry.Tracked.Names.Select((_, index) => transaction.Parameters[index])],
        Named = [.. transaction.Named.Select(statement => statement?.Text)],
        Bytes = transaction.Bytes.ToArray(),
    };
}
