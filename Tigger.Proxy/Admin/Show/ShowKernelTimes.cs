using Tigger.Kernel;
using Tigger.Pooling;

namespace Tigger.Admin.Show;

/// <summary>
/// SHOW KERNEL_TIMES, Tigger's own: how long transactions, queries and waits took that the kernel measured. Times come from
/// buckets that double in width: percentiles are interpolated, and the maximum is an upper bound.
/// </summary>
public sealed class ShowKernelTimes : IShowCommand
{
    public string Name => "kernel_times";

    public IReadOnlyList<ResultColumn> Columns { get; } =
        ResultColumn.List("database:s user:s kind:s count:q p50_us:q p95_us:q p99_us:q max_us:q");

    public void Fill(ResultTable rows, AdminContext context)
    {
        foreach (ServerPool pool in context.Registry.Pools)
        {
            if (pool.KernelStatistics is { } counted)
            {
                Add(rows, pool, "transaction", counted.TransactionTimes);
                Add(rows, pool, "query", counted.QueryTimes);
                Add(rows, pool, "wait", counted.WaitTimes);
            }
        }
    }

    /// <summary>Count, three percentiles and the maximum.</summary>
    internal static object?[] Figures(in TimeHistogram times)
    {
        const double Median = 0.5;
        const double P95 = 0.95;
        const double P99 = 0.99;
        return
        [
            times.Count, Microseconds(times.Quantile(Median)), Microseconds(times.Quantile(P95)), Microseconds(times.Quantile(P99)),
            Microseconds(times.UpperBound),
        ];
    }

    private static void Add(ResultTable rows, ServerPool pool, string kind, in TimeHistogram times) =>
        rows.Add([pool.Database.Name, pool.User.Name, kind, .. Figures(times)]);

    private static long Microseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMicroseconds);
}
