namespace Tigger.Admin.Show;

/// <summary>
/// SHOW MEM. PgBouncer lists its slabs; here the counts of the same things, which have no fixed size, and the managed heap as
/// one slab of bytes.
/// </summary>
public sealed class ShowMem : IShowCommand
{
    public string Name => "mem";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List("name:s size:i used:i free:i memtotal:i");

    public void Fill(ResultTable rows, AdminContext context)
    {
        Count(rows, "user_cache", ShowUsers.NamesIn(context).Count);
        Count(rows, "db_cache", context.Registry.Databases.Count());
        Count(rows, "pool_cache", context.Registry.Pools.Count());
        Count(rows, "server_cache", context.Registry.Limits.Total);
        Count(rows, "client_cache", context.Sessions.ConnectionCount);

        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        long used = GC.GetTotalMemory(forceFullCollection: false);
        rows.Add("managed_heap", 1, Fit(used), Fit(Math.Max(0, memory.TotalCommittedBytes - used)), Fit(memory.TotalCommittedBytes));
    }

    private static void Count(ResultTable rows, string name, int used) => rows.Add(name, 0, used, 0, 0);

    /// <summary>The columns are int4.</summary>
    private static int Fit(long bytes) => (int)Math.Min(bytes, int.MaxValue);
}
