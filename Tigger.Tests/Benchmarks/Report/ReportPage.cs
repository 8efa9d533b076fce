using System.Globalization;
using System.Net;
using System.Text;

namespace Tigger.Benchmarks.Report;

/// <summary>One page with everything in it: no script, no other file.</summary>
internal static class ReportPage
{
    private const string Style =
        """
        :root { color-scheme: light dark; --text: #1d2430; --quiet: #667085; --grid: #e3e7ee; --paper: #fff; --loss: #b42318;
          --direct: #667085; --pgbouncer: #c2410c; --tigger-user: #1d6fd1; --tigger-kernel: #0f8a5f }
        @media (prefers-color-scheme: dark) { :root { --text: #e6e9ef; --quiet: #98a2b3; --grid: #2b3442; --paper: #12161d; --loss: #ff7a6b;
          --direct: #98a2b3; --pgbouncer: #fb923c; --tigger-user: #60a5fa; --tigger-kernel: #34d399 } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--paper); max-width: 1180px; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.6rem } h2 { font-size: 1.15rem; margin-top: 2.5rem } p { max-width: 75ch } .quiet { color: var(--quiet) }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 480px), 1fr)); gap: 1rem } svg { width: 100%; height: auto }
        .wide svg { max-width: 900px }
        table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums } .scroll { overflow-x: auto }
        td, th { padding: .15rem .7rem; border-bottom: 1px solid var(--grid); text-align: right } td:first-child, th:first-child, .word { text-align: left } .scroll td { white-space: nowrap }
        svg text { font: 11px system-ui, sans-serif; fill: var(--quiet) } svg .title { font-size: 14px; font-weight: 600; fill: var(--text) }
        svg .legend, svg .axis { font-size: 12px; fill: var(--text) } svg .loss, .loss { fill: var(--loss); color: var(--loss) }
        .grid { stroke: var(--grid) } .mark { stroke: var(--quiet); stroke-dasharray: 3 3 } .line { fill: none; stroke-width: 1.8 } .dashed { stroke-dasharray: 5 3 }
        .line.direct { stroke: var(--direct) } .line.pgbouncer { stroke: var(--pgbouncer) } .line.tigger-user { stroke: var(--tigger-user) } .line.tigger-kernel { stroke: var(--tigger-kernel) }
        .dot.direct, .bar.direct { fill: var(--direct) } .dot.pgbouncer, .bar.pgbouncer { fill: var(--pgbouncer) }
        .dot.tigger-user, .bar.tigger-user { fill: var(--tigger-user) } .dot.tigger-kernel, .bar.tigger-kernel { fill: var(--tigger-kernel) }
        """;

    public static string Write(IReadOnlyList<ReportResult> results, MachineInfo machine)
    {
        ReportFigures figures = new(results);
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture,
            $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tigger: benchmark report</title>
            <style>{Style}</style></head><body>
            <h1>Tigger, PgBouncer and PostgreSQL alone</h1>
            <p>Measured with pgbench on one machine that ran clients, poolers and PostgreSQL together, in turns. Medians where there is more than
            one round. PostgreSQL does not wait for its disk (fsync off): the way to it is what is measured, not the disk. Raw data:
            <code>raw.jsonl</code> beside this file.</p>
            {MachineTable(machine, results)}

            """);
        Part(page, "To PgBouncer", "Everything that was measured at full load, clients/servers at the end of the name. Left of 1 Tigger, or the direct connection, is slower.", true, ReportCharts.Ratios(figures));
        Part(
            page, "From few clients to many", "One row by its key, pool of ten.", false, ReportCharts.ThroughputByClients(figures),
            ReportCharts.LatencyByClients(figures), ReportCharts.LatencyByThroughput(figures), ReportCharts.CpuByThroughput(figures), ReportCharts.Shares(figures));
        Part(
            page, "At less than full load", "Transactions come at a given rate (pgbench -R), whatever the answers take.", false,
            ReportCharts.CpuByLoad(figures, result => result.MachineCores, "CPU of the whole machine"),
            ReportCharts.CpuByLoad(figures, result => result.ProxyCores, "CPU of the pooler's process"));
        Part(page, "Kinds of work", "", false, [.. Workload.All.Where(workload => figures.Of("workloads").Any(result => result.Cell.Workload == workload.Name)).Select(workload => ReportCharts.Latencies(figures, workload))]);
        Part(page, "When something dies", "Clients connect again as soon as they can. A pooler that was killed is started again at once; a direct connection has none.", false, ReportCharts.Timeline(figures));
        page.Append(Idle(figures)).Append(Table(results));
        return page.Append("</body></html>\n").ToString();
    }

    private static void Part(StringBuilder page, string title, string text, bool wide, params IEnumerable<string> charts) => page.Append(
        CultureInfo.InvariantCulture, $"<h2>{title}</h2>\n<p>{text}</p>\n<div class=\"{(wide ? "wide" : "charts")}\">\n{string.Join('\n', charts)}\n</div>\n");

    private static string MachineTable(MachineInfo machine, IReadOnlyList<ReportResult> results)
    {
        (string Name, string Value)[] rows =
        [
            ("processor", $"{machine.Processors} × {machine.Processor}"),
            ("memory", $"{machine.MemoryMebibytes} MiB"),
            ("Linux", machine.Kernel),
            ("runtime", machine.Runtime),
            ("Tigger", machine.Commit),
            .. results.Select(result => result.Version).OfType<string>().Distinct().Order(StringComparer.Ordinal).Select(version => ("measured", version)),
            ("from", results.Count == 0 ? "–" : Date(results.Min(result => result.Time))),
            ("to", results.Count == 0 ? "–" : Date(results.Max(result => result.Time))),
        ];
        return $"<table>{string.Concat(rows.Select(row => $"<tr><td>{row.Name}</td><td class=\"word\">{WebUtility.HtmlEncode(row.Value)}</td></tr>"))}</table>";
    }

    private static string Idle(ReportFigures figures)
    {
        ReportResult[] idle = [.. figures.Of("idle")];
        if (idle.Length == 0)
            return "";
        string rows = string.Concat(idle.Select(result => string.Create(
            CultureInfo.InvariantCulture,
            $"<tr><td>{Targets.Title(result.Cell.Target)}</td><td>{result.Cell.Clients}</td><td>{result.ProxyMemory / 1048576.0:F0}</td><td>{result.ProxyCores * 100:F2}</td><td>{result.MachineCores * 100:F1}</td></tr>")));
        return $"<h2>Clients that do nothing</h2>\n<table><tr><th></th><th>clients</th><th>memory, MiB</th><th>pooler, % of a core</th><th>machine, % of a core</th></tr>{rows}</table>\n";
    }

    private static string Table(IReadOnlyList<ReportResult> results)
    {
        string rows = string.Concat(results.Where(result => result.Cell.Section is not ("idle" or "timeline")).OrderBy(result => result.Cell.Section, StringComparer.Ordinal).Select(result => string.Create(
            CultureInfo.InvariantCulture,
            $"<tr><td>{result.Cell.Section}</td><td class=\"word\">{result.Cell.Workload}</td><td class=\"word\">{result.Cell.Network}</td><td>{result.Cell.Clients}</td><td>{result.Cell.Pool}</td><td>{result.Cell.Rate}</td><td class=\"word\">{Targets.Title(result.Cell.Target)}</td><td>{result.Cell.Round}</td>{Figures(result)}</tr>\n")));
        return $"<h2>All figures</h2>\n<div class=\"scroll\"><table><tr><th>part</th><th class=\"word\">work</th><th class=\"word\">network</th><th>clients</th><th>pool</th><th>rate</th><th class=\"word\">target</th><th>round</th><th>tps</th><th>p50 ms</th><th>p99 ms</th><th>pooler µs</th><th>machine µs</th></tr>\n{rows}</table></div>\n";
    }

    private static string Figures(ReportResult result) => result.Missing is { } reason
        ? $"<td colspan=\"5\" class=\"word quiet\">{WebUtility.HtmlEncode(reason)}</td>"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"<td>{result.TransactionsPerSecond:F0}</td><td>{result.P50:F3}</td><td>{result.P99:F3}</td><td>{result.ProxyCores * 1e6 / result.TransactionsPerSecond:F1}</td><td>{result.MachineCores * 1e6 / result.TransactionsPerSecond:F1}</td>");

    private static string Date(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
