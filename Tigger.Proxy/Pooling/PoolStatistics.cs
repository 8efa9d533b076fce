using Tigger.Sessions;

namespace Tigger.Pooling;

/// <summary>
/// Totals of a pool. Each session counts for itself without sharing a cache line; what it counted is added here when it
/// ends, and live sessions are summed up when somebody asks.
/// </summary>
public sealed class PoolStatistics
{
    private readonly Lock _lock = new();
    private SessionCounters _ended;

    internal void Add(in SessionCounters counters)
    {
        lock (_lock)
        {
            _ended.Add(counters);
        }
    }

    /// <summary>What ended sessions counted; add the live ones.</summary>
    public SessionCounters Ended
    {
        get
        {
            lock (_lock)
            {
                return _ended;
            }
        }
    }
}
