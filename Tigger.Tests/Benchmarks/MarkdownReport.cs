using System.Globalization;
using System.Text;

namespace Tigger.Benchmarks;

/// <summary>The table for people.</summary>
internal static class MarkdownReport
{
    public static string Write(IReadOnlyList<ResultCell> cells, BenchmarkOptions options, MachineInfo machine)
    {
        var text = new StringBuilder();
        CultureInfo invariant = CultureInfo.InvariantCulture;
        text.AppendLine("# pgbench side by side").AppendLine();
        text.AppendLine(invariant, $"{machine.Time:yyyy-MM-dd HH:mm} UTC, commit {machine.Commit}, {machine.Processors} × {machine.Processor}, {machine.MemoryMebibytes} MiB, Linux {machine.Kernel}, {machine.Runtime}.");
        text.AppendLine(invariant, $"`pgbench -S`, scale {options.Scale}, pools of {string.Join(", ", options.PoolSizes)}, {options.Rounds} interleaved rounds of {options.Seconds} s, medians. Clients, poolers and PostgreSQL share the machine.");
        text.AppendLine("`Remote` is who is on another host, which is a network namespace. CPU is µs per transaction: proxy = user + system of the pooler's process; machine = all busy time, other programs included. p50 and p99 in ms, from sampled transactions.").AppendLine();
        foreach (BenchmarkTarget target in cells.Select(c => c.Target).DistinctBy(t => t.Name))
            text.AppendLine(invariant, $"- {Targets.Title(target.Name)}: {target.Version}");
        text.AppendLine();
        text.AppendLine("| remote | pool | mode | clients | target | tps | p50 | p99 | proxy CPU | machine CPU | tps / PgBouncer | tps / direct |");
        text.AppendLine("|---|--:|---|--:|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (ResultCell cell in cells)
        {
            string head = string.Create(invariant, $"| {cell.Combination.Ends} | {cell.Combination.PoolSize} | {cell.Combination.Work} | {cell.Combination.Clients} | {Targets.Title(cell.Target.Name)} | ");
            text.Append(head).AppendLine(cell.Median is { } m ? Numbers(cell, m, cells) : Gap(cell));
        }

        text.AppendLine().AppendLine("Transactions per second; machine CPU in µs per transaction:").AppendLine().Append(ComparisonTable.Write(cells));
        Notes(text, "Not measured", cells.Where(c => c.Skipped is not null).Select(c => (c, c.Skipped!)));
        Notes(text, "Failed", cells.Where(c => c.Failed is not null).Select(c => (c, c.Failed!)));
        return text.ToString();
    }

    private static string Numbers(ResultCell cell, Measurement m, IReadOnlyList<ResultCell> cells)
    {
        string proxy = cell.Target.Proxy is null
            ? "–"
            : string.Create(CultureInfo.InvariantCulture, $"{m.ProxyUser:F1} + {m.ProxySystem:F1} = {m.ProxyUser + m.ProxySystem:F1}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{m.TransactionsPerSecond:F0} | {m.P50 / 1000:F3} | {m.P99 / 1000:F3} | {proxy} | {m.Machine:F1} | {Ratio(cell, m, Targets.PgBouncer, cells)} | {Ratio(cell, m, Targets.Direct, cells)} |");
    }

    private static string Gap(ResultCell cell) => (cell.Skipped is null ? "failed" : "n/a") + " | | | | | | |";

    private static string Ratio(ResultCell cell, Measurement m, string other, IReadOnlyList<ResultCell> cells) =>
        cells.FirstOrDefault(c => c.Combination == cell.Combination && c.Target.Name == other)?.Median is { } o
            ? (m.TransactionsPerSecond / o.TransactionsPerSecond).ToString("F2", CultureInfo.InvariantCulture)
            : "–";

    private static void Notes(StringBuilder text, string title, IEnumerable<(ResultCell Cell, string Why)> notes)
    {
        foreach (var same in notes.GroupBy(n => (n.Cell.Combination.PoolSize, n.Cell.Combination.Work, n.Cell.Target.Name, n.Why)))
        {
            string clients = string.Join(", ", same.Select(n => n.Cell.Combination.Clients));
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{title}: {Targets.Title(same.Key.Name)}, pool of {same.Key.PoolSize}, {same.Key.Work}, {clients} clients: {same.Key.Why}");
        }
    }
}
