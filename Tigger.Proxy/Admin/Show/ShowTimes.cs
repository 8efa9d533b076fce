using Tigger.Kernel;
using Tigger.Pooling;

namespace Tigger.Admin.Show;

/// <summary>
/// SHOW TIMES, Tigger's own: what SHOW KERNEL_TIMES says, for both data paths, with the buckets: counts of times below 128 ns,
/// 256 ns and so on, comma-separated, from which a program that asks again can tell what has been since.
/// </summary>
public sealed class ShowTimes : IShowCommand
{
    public string Name => "times";

    public IReadOnlyList<ResultColumn> Columns { get; } =
        ResultColumn.List("database:s user:s path:s kind:s count:q p50_us:q p95_us:q p99_us:q max_us:q buckets:s");

    public void Fill(ResultTable rows, AdminContext context)
    {
        foreach (ServerPool pool in context.Registry.Pools)
        {
            Add(rows, pool, "user", pool.Times.Read());
            if (pool.Kernel is not null)
            {
                Add(rows, pool, "kernel", pool.KernelTotals.Times);
            }
        }
    }

    private static void Add(ResultTable rows, ServerPool pool, string path, in PathTimes times)
    {
        Add(rows, pool, path, "transaction", times.Transactions);
        Add(rows, pool, path, "query", times.Queries);
        Add(rows, pool, path, "wait", times.Waits);
    }

    private static void Add(ResultTable rows, ServerPool pool, string path, string kind, in TimeHistogram times)
    {
        ReadOnlySpan<ulong> buckets = times;
        rows.Add([pool.Database.Name, pool.User.Name, path, kind, .. ShowKernelTimes.Figures(times), string.Join(',', buckets.ToArray())]);
    }
}
