namespace Tigger.Telemetry;

/// <summary>Counts <see cref="PoolerCounter"/> events; any thread may count.</summary>
public sealed class PoolerCounters
{
    private readonly long[] _values = new long[Enum.GetValues<PoolerCounter>().Length];

    /// <summary>How logins of clients ended.</summary>
    public LoginCounters Logins { get; } = new();

    /// <summary>Errors of our own that clients were told.</summary>
    public ErrorCounters OwnErrors { get; } = new();

    /// <summary>Errors of PostgreSQL that the user path passed on.</summary>
    public ErrorCounters ServerErrors { get; } = new();

    public long this[PoolerCounter counter] => Volatile.Read(ref _values[(int)counter]);

    public void Count(PoolerCounter counter, long times = 1) => Interlocked.Add(ref _values[(int)counter], times);
}
