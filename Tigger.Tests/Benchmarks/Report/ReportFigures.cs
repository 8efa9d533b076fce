namespace Tigger.Benchmarks.Report;

/// <summary>The rounds of each cell as one: of every figure the median.</summary>
internal sealed class ReportFigures
{
    private readonly List<ReportResult> _medians;

    public ReportFigures(IReadOnlyList<ReportResult> results) =>
        _medians = [.. results.Where(result => result.Missing is null).GroupBy(result => result.Cell with { Round = 0 }).Select(group => Median(group.Key, [.. group]))];

    public IReadOnlyList<ReportResult> All => _medians;

    public IEnumerable<ReportResult> Of(string section, string? target = null) =>
        _medians.Where(result => result.Cell.Section == section && (target is null || result.Cell.Target == target));

    private static ReportResult Median(ReportCell cell, ReportResult[] rounds)
    {
        // Curves are of the round in the middle: the median of each point would be a run that nobody has seen.
        ReportResult middle = rounds.OrderBy(round => round.TransactionsPerSecond).ElementAt(rounds.Length / 2);
        double Of(Func<ReportResult, double> figure)
        {
            double[] sorted = [.. rounds.Select(figure).Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }

        return middle with
        {
            Cell = cell,
            TransactionsPerSecond = Of(round => round.TransactionsPerSecond),
            P50 = Of(round => round.P50),
            P99 = Of(round => round.P99),
            ProxyCores = Of(round => round.ProxyCores),
            MachineCores = Of(round => round.MachineCores),
        };
    }
}
