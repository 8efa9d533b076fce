using Tigger.Kernel;

namespace Tigger.Mirroring;

/// <summary>
/// What a mirror has been sent and what came of it. Every transaction that was sent is mirrored, skipped, dropped or queued.
/// Thread-safe.
/// </summary>
internal sealed class MirrorCounts
{
    private readonly Lock _lock = new();
    private readonly long[] _dropped = new long[Enum.GetValues<MirrorDropReason>().Length];
    private readonly long[] _outcomes = new long[Enum.GetValues<MirrorComparison>().Length];
    private long _sent;
    private long _queued;
    private long _skipped;
    private TimeHistogram _primaryTimes;
    private TimeHistogram _mirrorTimes;
    private TimeSpan _primaryTime;
    private TimeSpan _mirrorTime;

    /// <summary>Samples of those whose outcome differed.</summary>
    public MirrorDifferences Differences { get; } = new();

    /// <summary>A transaction of a session that is mirrored.</summary>
    public void Sent() => Interlocked.Increment(ref _sent);

    public void Queued() => Interlocked.Increment(ref _queued);

    public void Unqueued() => Interlocked.Decrement(ref _queued);

    /// <summary>It was not of those statements that are wanted.</summary>
    public void Skipped() => Interlocked.Increment(ref _skipped);

    public void Dropped(MirrorDropReason reason) => Interlocked.Increment(ref _dropped[(int)reason]);

    /// <summary>It was carried out.</summary>
    /// <param name="transaction">Which.</param>
    /// <param name="reply">What the mirror said.</param>
    /// <param name="mirrorTime">From the first byte sent to the last ReadyForQuery.</param>
    /// <param name="primaryTime">The time in which the primary owed something.</param>
    public void Mirrored(MirrorTransaction transaction, in MirrorReply reply, TimeSpan mirrorTime, TimeSpan primaryTime)
    {
        string? primary = transaction.Outcome.SqlState;
        MirrorComparison comparison = Compare(primary, reply.SqlState);
        lock (_lock)
        {
            _outcomes[(int)comparison]++;
            _primaryTimes.Add(primaryTime);
            _mirrorTimes.Add(mirrorTime);
            _primaryTime += primaryTime;
            _mirrorTime += mirrorTime;
        }

        if (comparison is not (MirrorComparison.BothSucceeded or MirrorComparison.SameError))
        {
            Differences.Note(transaction, primary, reply.SqlState);
        }
    }

    /// <summary>All numbers of one moment.</summary>
    public MirrorSnapshot Snapshot()
    {
        lock (_lock)
        {
            // Queued before sent, and what leaves the queue before both: the sum is never more than what was sent.
            return new MirrorSnapshot
            {
                Outcomes = [.. _outcomes],
                Dropped = [.. _dropped.Select((_, i) => Volatile.Read(ref _dropped[i]))],
                Skipped = Volatile.Read(ref _skipped),
                Queued = Volatile.Read(ref _queued),
                Sent = Volatile.Read(ref _sent),
                PrimaryTimes = _primaryTimes,
                MirrorTimes = _mirrorTimes,
                PrimaryTime = _primaryTime,
                MirrorTime = _mirrorTime,
            };
        }
    }

    private static MirrorComparison Compare(string? primary, string? mirror) => (primary, mirror) switch
    {
        (null, null) => MirrorComparison.BothSucceeded,
        (null, _) => MirrorComparison.MirrorFailed,
        (_, null) => MirrorComparison.PrimaryFailed,
        _ when primary == mirror => MirrorComparison.SameError,
        _ => MirrorComparison.CodesDiffer,
    };
}
