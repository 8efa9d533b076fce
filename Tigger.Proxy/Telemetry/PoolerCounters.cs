namespace Tigger.Telemetry;

/// <summary>Counts <see cref="PoolerCounter"/> events; any thread may count.</summary>
public sealed class PoolerCounters
{
    private readonly long[] _values = new long[Enum.GetValues<PoolerCounter>().Length];

    public long this[PoolerCounter counter] => Volatile.Read(ref _values[(int)counter]);

    public void Count(PoolerCounter counter) => Interlocked.Increment(ref _values[(int)counter]);
}
