using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Handover;
using Tigger.Pooling;
using Tigger.Sessions;

namespace Tigger.Control;

/// <summary>
/// Adds up the statistics of pools, and samples them every <c>stats_period</c> for the averages and the log line.
/// </summary>
public sealed partial class StatsSampler
{
    private readonly PoolRegistry _registry;
    private readonly SessionTable _sessions;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly Dictionary<ServerPool, StatsHistory> _pools = [];
    private readonly StatsHistory _console = new();
    private long _newerAt;
    private long _olderAt;

    public StatsSampler(PoolRegistry registry, SessionTable sessions, TimeProvider clock, ILogger logger)
    {
        _registry = registry;
        _sessions = sessions;
        _clock = clock;
        _logger = logger;
        _newerAt = clock.GetTimestamp();

        // As in PgBouncer: before the first sample averages are over the time since one second before the start.
        _olderAt = _newerAt - clock.TimestampFrequency;
    }

    /// <summary>What the admin console itself has done; PgBouncer counts that under its own database.</summary>
    public PoolStatistics Console { get; } = new();

    /// <summary>Statistics of every database that has a pool, sorted by name.</summary>
    public IReadOnlyList<DatabaseStatistics> Read()
    {
        lock (_lock)
        {
            Observe();
            return
            [
                .. Histories.GroupBy(one => one.Database, one => one.History)
                    .OrderBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => Summarize(group.Key, group)),
            ];
        }
    }

    /// <summary>Statistics of everything (SHOW TOTALS).</summary>
    public DatabaseStatistics ReadAll()
    {
        lock (_lock)
        {
            Observe();
            return Summarize("", Histories.Select(one => one.History));
        }
    }

    /// <summary>Totals of every pool, the data paths apart; their sums are those of SHOW STATS.</summary>
    public IReadOnlyList<PoolFigures> ReadPools()
    {
        lock (_lock)
        {
            Observe();
            return [.. _pools.Select(one => new PoolFigures(one.Key, one.Value.User, one.Value.Kernel))];
        }
    }

    /// <summary>Takes a sample when one is due; the janitor calls this often.</summary>
    /// <param name="now">A timestamp.</param>
    public void Tick(long now)
    {
        DatabaseStatistics all;
        lock (_lock)
        {
            if (_clock.GetElapsedTime(_newerAt, now) < _registry.Config.StatsPeriod)
            {
                return;
            }

            Observe();
            _console.Sample();
            foreach (StatsHistory history in _pools.Values)
            {
                history.Sample();
            }

            _olderAt = _newerAt;
            _newerAt = now;
            all = Summarize("", Histories.Select(one => one.History));
        }

        if (_registry.Config.LogStats)
        {
            Log(all.Averages);
        }
    }

    private IEnumerable<(string Database, StatsHistory History)> Histories =>
        _pools.Select(one => (one.Key.Database.Name, one.Value)).Append((Limits.AdminDatabase, _console));

    /// <summary>
    /// Ended sessions and the kernel first, then the live sessions, each under its lock: one that ends in between is missed, never counted twice.
    /// </summary>
    private void Observe()
    {
        Dictionary<ServerPool, SessionCounters> totals = _registry.Pools.ToDictionary(pool => pool, pool => pool.Statistics.Ended);
        Dictionary<ServerPool, SessionCounters> inKernel = totals.Keys.ToDictionary(
            pool => pool, pool => pool.KernelTotals.ToCounters(_clock.TimestampFrequency));
        foreach (ClientSession session in _sessions.Sessions)
        {
            if (totals.TryGetValue(session.Pool, out SessionCounters sum))
            {
                sum.Add(session.Snapshot().Counters);
                totals[session.Pool] = sum;
            }
        }

        foreach (ServerPool gone in _pools.Keys.Where(pool => !totals.ContainsKey(pool)).ToList())
        {
            _pools.Remove(gone);
        }

        foreach ((ServerPool pool, SessionCounters counters) in totals)
        {
            if (!_pools.TryGetValue(pool, out StatsHistory? history))
            {
                _pools[pool] = history = new StatsHistory();
            }

            history.Observe(
                StatsFigures.From(counters, _clock.TimestampFrequency), StatsFigures.From(inKernel[pool], _clock.TimestampFrequency));
        }

        _console.Observe(StatsFigures.From(Console.Ended, _clock.TimestampFrequency), StatsFigures.Zero);
    }

    private DatabaseStatistics Summarize(string database, IEnumerable<StatsHistory> histories)
    {
        StatsFigures totals = StatsFigures.Zero;
        StatsFigures before = StatsFigures.Zero;
        foreach (StatsHistory history in histories)
        {
            totals = totals.Plus(history.Latest);
            before = before.Plus(history.Older);
        }

        return new DatabaseStatistics(database, totals, totals.AverageSince(before, _clock.GetElapsedTime(_olderAt)));
    }

    private void Log(StatsFigures average) => LogStats(
        _logger,
        average[StatsFigure.Transactions],
        average[StatsFigure.Queries],
        average[StatsFigure.ClientParses],
        average[StatsFigure.ServerParses],
        average[StatsFigure.Binds],
        average[StatsFigure.Received],
        average[StatsFigure.Sent],
        average[StatsFigure.TransactionTime],
        average[StatsFigure.QueryTime],
        average[StatsFigure.WaitTime]);

    [LoggerMessage(7300, LogLevel.Information,
        "stats: {Xacts} xacts/s, {Queries} queries/s, {ClientParses} client parses/s, {ServerParses} server parses/s, {Binds} binds/s, "
        + "in {Received} B/s, out {Sent} B/s, xact {XactTime} us, query {QueryTime} us, wait {WaitTime} us")]
    private static partial void LogStats(
        ILogger logger, long xacts, long queries, long clientParses, long serverParses, long binds,
        long received, long sent, long xactTime, long queryTime, long waitTime);
}
