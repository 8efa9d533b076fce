using Tigger.Benchmarks.Report.Charts;

namespace Tigger.Benchmarks.Report;

/// <summary>Which figures are drawn against which.</summary>
internal static class ReportCharts
{
    private const double MicrosecondsPerSecond = 1e6;
    private const double TicksPerSecond = 10;

    public static string ThroughputByClients(ReportFigures figures) => Lines(
        figures, "clients", "Throughput by clients", "clients", logarithmicX: true, "transactions per second", logarithmicY: false,
        result => result.Cell.Clients, result => result.TransactionsPerSecond);

    public static string LatencyByClients(ReportFigures figures) => Lines(
        figures, "clients", "p99 by clients", "clients", logarithmicX: true, "p99, ms", logarithmicY: true,
        result => result.Cell.Clients, result => result.P99);

    public static string LatencyByThroughput(ReportFigures figures) => Lines(
        figures, "clients", "p99 by throughput (a point per number of clients)", "transactions per second", logarithmicX: false, "p99, ms", logarithmicY: true,
        result => result.TransactionsPerSecond, result => result.P99);

    public static string CpuByThroughput(ReportFigures figures) => Lines(
        figures, "clients", "CPU of the whole machine per transaction", "transactions per second", logarithmicX: false, "µs per transaction", logarithmicY: false,
        result => result.TransactionsPerSecond, result => result.MachineCores * MicrosecondsPerSecond / result.TransactionsPerSecond);

    public static string CpuByLoad(ReportFigures figures, Func<ReportResult, double> cores, string title) => Lines(
        figures, "load", title, "transactions per second asked for", logarithmicX: false, "busy cores", logarithmicY: false, result => result.Cell.Rate, cores);

    /// <summary>Every client's part, the least first: a flat line at 1 is fair.</summary>
    public static string Shares(ReportFigures figures)
    {
        int most = figures.Of("clients").Select(result => result.Cell.Clients).Where(clients => clients > 1).DefaultIfEmpty(0).Max();
        Series[] series =
        [
            .. from target in Targets.All
               from result in figures.Of("clients", target)
               where result.Cell.Clients == most
               select Of(target, "", [.. result.Shares.Select((share, i) => ((double)i, share))]) with { HasDots = false },
        ];
        return LineChart.Render(
            $"Each client's part of the work, {most} clients", new("clients, from the one with the least, %", 0, 100, false),
            Axis.FromZero("transactions to the mean", series.SelectMany(one => one.Points.Select(point => point.Y))), series);
    }

    /// <summary>Distribution of latencies of one workload; what writes is dashed.</summary>
    public static string Latencies(ReportFigures figures, Workload workload)
    {
        Series[] series =
        [
            .. from target in Targets.All
               from result in figures.Of("workloads", target)
               where result.Cell.Workload == workload.Name
               from curve in new[] { (Name: "", Values: result.ReadLatencies), (Name: ", writes", Values: result.WriteLatencies) }
               select Of(target, curve.Name, [.. curve.Values.Select((latency, i) => (Math.Max(latency, 0.001), (double)i))])
                   with { HasDots = false, IsDashed = curve.Name.Length > 0 },
        ];
        return LineChart.Render(
            $"Latency: {workload.Title}", Axis.Around("ms", series.SelectMany(one => one.Points.Select(point => point.X))),
            new("% of transactions", 0, 100, false), series);
    }

    public static string Timeline(ReportFigures figures)
    {
        Series[] series =
        [
            .. from target in Targets.All
               from result in figures.Of("timeline", target)
               select Of(target, "", [.. result.Timeline.Select((count, i) => (i / TicksPerSecond, count * TicksPerSecond))]) with { HasDots = false },
        ];
        return LineChart.Render(
            "Transactions per second while things break", new("seconds", 0, TimelineRun.EndsAt, false),
            Axis.FromZero("transactions per second", series.SelectMany(one => one.Points.Select(point => point.Y))), series,
            (TimelineRun.KilledAt, "kill -9 of the pooler"), (TimelineRun.RestartedAt, "PostgreSQL restarted"));
    }

    /// <summary>Throughput to that of PgBouncer, of everything that was measured for both at full load; losses are to the left of 1.</summary>
    public static string Ratios(ReportFigures figures)
    {
        string[] targets = [.. Targets.All.Where(target => target != Targets.PgBouncer)];
        List<(string, IReadOnlyList<double?>)> rows = [];
        foreach (IGrouping<ReportCell, ReportResult> group in figures.All
            .Where(result => result.Cell.Rate == 0 && result.TransactionsPerSecond > 0).GroupBy(result => result.Cell with { Target = "", Section = "" }))
        {
            if (group.FirstOrDefault(result => result.Cell.Target == Targets.PgBouncer) is not { } reference)
                continue;
            rows.Add((
                Name(group.Key),
                [.. targets.Select(target => group.FirstOrDefault(result => result.Cell.Target == target)?.TransactionsPerSecond / reference.TransactionsPerSecond)]));
        }

        return rows.Count == 0
            ? ""
            : RatioChart.Render("Throughput to PgBouncer's", rows, [.. targets.Select(target => (Targets.Title(target), target))]);
    }

    private static string Name(ReportCell cell)
    {
        string where = cell.Network switch
        {
            ReportMatrix.Remote => ", clients elsewhere",
            ReportMatrix.Tls => ", TLS",
            _ => "",
        };
        return $"{Workload.Find(cell.Workload).Title}{where}, {cell.Clients}/{cell.Pool}";
    }

    private static string Lines(
        ReportFigures figures, string section, string title, string xTitle, bool logarithmicX, string yTitle, bool logarithmicY,
        Func<ReportResult, double> x, Func<ReportResult, double> y)
    {
        Series[] series = [.. Targets.All.Select(target => Of(target, "", [.. figures.Of(section, target).OrderBy(result => result.Cell.Clients).ThenBy(result => result.Cell.Rate).Select(result => (x(result), y(result)))]))];
        (double X, double Y)[] points = [.. series.SelectMany(one => one.Points)];
        return LineChart.Render(
            title, Fit(xTitle, points.Select(point => point.X), logarithmicX), Fit(yTitle, points.Select(point => point.Y), logarithmicY), series);
    }

    private static Axis Fit(string title, IEnumerable<double> values, bool logarithmic) =>
        logarithmic ? Axis.Around(title, values) : Axis.FromZero(title, values);

    private static Series Of(string target, string suffix, IReadOnlyList<(double X, double Y)> points) => new(Targets.Title(target) + suffix, target, points);
}
