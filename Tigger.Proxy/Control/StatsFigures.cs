using Tigger.Sessions;

namespace Tigger.Control;

/// <summary>One value for each <see cref="StatsFigure"/>: totals, or averages over a time. Immutable.</summary>
public sealed class StatsFigures
{
    private const long MicrosecondsPerSecond = 1_000_000;

    private readonly long[] _values;

    private StatsFigures(long[] values) => _values = values;

    public static int Count { get; } = Enum.GetValues<StatsFigure>().Length;

    public static StatsFigures Zero { get; } = new(new long[Count]);

    public long this[StatsFigure figure] => _values[(int)figure];

    public IReadOnlyList<long> Values => _values;

    /// <param name="counters">Times in timestamp ticks.</param>
    /// <param name="frequency">Ticks per second.</param>
    public static StatsFigures From(in SessionCounters counters, long frequency) => new(
    [
        counters.Assignments, counters.Transactions, counters.Queries, counters.Received, counters.Sent,
        Microseconds(counters.TransactionTime, frequency), Microseconds(counters.QueryTime, frequency),
        Microseconds(counters.WaitTime, frequency), counters.ClientParses, counters.ServerParses, counters.Binds,
    ]);

    public StatsFigures Plus(StatsFigures other) => Combine(other, static (mine, others) => mine + others);

    /// <summary>The larger of each two values.</summary>
    public StatsFigures Max(StatsFigures other) => Combine(other, Math.Max);

    /// <summary>
    /// Averages of what was added since <paramref name="before"/>, as PgBouncer has them: per second, but the time of a
    /// transaction or query per transaction or query.
    /// </summary>
    public StatsFigures AverageSince(StatsFigures before, TimeSpan elapsed)
    {
        long duration = (long)elapsed.TotalMicroseconds;
        if (duration <= 0)
        {
            return Zero;
        }

        StatsFigures added = Combine(before, static (now, then) => now - then);
        long[] averages = new long[Count];
        for (int i = 0; i < Count; i++)
        {
            averages[i] = (StatsFigure)i switch
            {
                StatsFigure.TransactionTime => added.Per(StatsFigure.TransactionTime, StatsFigure.Transactions),
                StatsFigure.QueryTime => added.Per(StatsFigure.QueryTime, StatsFigure.Queries),
                _ => (long)((Int128)added._values[i] * MicrosecondsPerSecond / duration),
            };
        }

        return new StatsFigures(averages);
    }

    private long Per(StatsFigure amount, StatsFigure count) => this[count] == 0 ? 0 : this[amount] / this[count];

    private StatsFigures Combine(StatsFigures other, Func<long, long, long> combine) =>
        new([.. _values.Zip(other._values, combine)]);

    private static long Microseconds(long ticks, long frequency) => (long)((Int128)ticks * MicrosecondsPerSecond / frequency);
}
