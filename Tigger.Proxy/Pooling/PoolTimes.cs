using Tigger.Kernel;

namespace Tigger.Pooling;

/// <summary>
/// How long the transactions, queries and waits of a pool took on the user path: what the programs of the kernel path keep per CPU,
/// in the same buckets and likewise apart for each CPU, so that counting shares no cache line. Any thread may count.
/// </summary>
public sealed class PoolTimes
{
    /// <summary>More CPUs share: a pool's memory is bounded.</summary>
    private const int MaximumShards = 16;

    private readonly Shard[] _shards;
    private readonly double _nanosecondsPerTick;

    /// <param name="frequency">Timestamp ticks per second.</param>
    public PoolTimes(long frequency)
    {
        const double NanosecondsPerSecond = 1_000_000_000;
        _nanosecondsPerTick = NanosecondsPerSecond / frequency;
        _shards = [.. Enumerable.Range(0, Math.Min(Environment.ProcessorCount, MaximumShards)).Select(_ => new Shard())];
    }

    /// <param name="ticks">In timestamp ticks, like the others.</param>
    public void CountTransaction(long ticks) => Mine.Transactions.Record(Nanoseconds(ticks));

    public void CountQuery(long ticks) => Mine.Queries.Record(Nanoseconds(ticks));

    public void CountWait(long ticks) => Mine.Waits.Record(Nanoseconds(ticks));

    /// <summary>What was counted so far.</summary>
    public PathTimes Read()
    {
        TimeHistogram transactions = default;
        TimeHistogram queries = default;
        TimeHistogram waits = default;
        foreach (Shard shard in _shards)
        {
            transactions.Add(shard.Transactions);
            queries.Add(shard.Queries);
            waits.Add(shard.Waits);
        }

        return new PathTimes(transactions, queries, waits);
    }

    private Shard Mine => _shards[(uint)Thread.GetCurrentProcessorId() % (uint)_shards.Length];

    private long Nanoseconds(long ticks) => (long)(ticks * _nanosecondsPerTick);

    private sealed class Shard
    {
        public TimeHistogram Transactions;
        public TimeHistogram Queries;
        public TimeHistogram Waits;
    }
}
