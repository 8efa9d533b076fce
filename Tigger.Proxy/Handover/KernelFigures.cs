using Tigger.Kernel;
using Tigger.Sessions;

namespace Tigger.Handover;

/// <summary>What the programs counted, in the figures sessions count in.</summary>
internal static class KernelFigures
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <param name="counted">Times in nanoseconds.</param>
    /// <param name="frequency">Timestamp ticks per second of the clock that sessions use.</param>
    public static SessionCounters ToCounters(this in KernelStatistics counted, long frequency) => new()
    {
        Assignments = (long)counted.Assignments,
        Transactions = (long)counted.Transactions,
        Queries = (long)counted.Queries,
        Binds = (long)counted.Binds,
        Received = (long)counted.Received,
        Sent = (long)counted.Sent,
        TransactionTime = Ticks(counted.TransactionTime, frequency),
        QueryTime = Ticks(counted.QueryTime, frequency),
        WaitTime = Ticks(counted.WaitTime, frequency),
    };

    private static long Ticks(ulong nanoseconds, long frequency) => (long)((Int128)nanoseconds * frequency / NanosecondsPerSecond);
}
