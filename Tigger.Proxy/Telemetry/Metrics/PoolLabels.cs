using Tigger.Pooling;

namespace Tigger.Telemetry.Metrics;

/// <summary>
/// Names of pools in metrics. Clients can make pools (the database <c>*</c>, any user), so their number is bounded: later ones share
/// one name, and their figures are added up under it. Not for several threads at once.
/// </summary>
/// <param name="limit"><c>metrics_max_pools</c>.</param>
internal sealed class PoolLabels(int limit)
{
    /// <summary>Database and user of the pools that have no name of their own.</summary>
    public const string Other = "other";

    private readonly HashSet<ServerPool> _named = [];
    private readonly HashSet<ServerPool> _folded = [];

    /// <summary>How many pools had to share the name so far.</summary>
    public long FoldedCount { get; private set; }

    /// <summary>Pools that are gone make room; one that shares the name keeps doing so, or its figures would be counted twice.</summary>
    public void Keep(IEnumerable<ServerPool> pools)
    {
        HashSet<ServerPool> present = [.. pools];
        _named.IntersectWith(present);
        _folded.IntersectWith(present);
    }

    /// <summary>False: it shares the name <see cref="Other"/>.</summary>
    public bool IsNamed(ServerPool pool)
    {
        if (_named.Contains(pool))
        {
            return true;
        }

        if (!_folded.Contains(pool) && _named.Count < limit)
        {
            return _named.Add(pool);
        }

        FoldedCount += _folded.Add(pool) ? 1 : 0;
        return false;
    }
}
