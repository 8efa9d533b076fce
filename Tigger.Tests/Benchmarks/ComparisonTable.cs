using System.Globalization;
using System.Text;

namespace Tigger.Benchmarks;

/// <summary>The same numbers, shorter: a line for each combination, with tps and machine CPU of each target side by side.</summary>
internal static class ComparisonTable
{
    public static string Write(IReadOnlyList<ResultCell> cells)
    {
        string[] names = [.. cells.Select(cell => cell.Target.Name).Distinct()];
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"| remote | pool | mode | clients | {string.Join(" | ", names.Select(Targets.Title))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|--:|---|--:|{string.Concat(names.Select(_ => "--:|"))}");
        foreach (IGrouping<Combination, ResultCell> group in cells.GroupBy(cell => cell.Combination))
        {
            IEnumerable<string> figures = names.Select(name => Figures(group.FirstOrDefault(cell => cell.Target.Name == name)?.Median));
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {group.Key.Ends} | {group.Key.PoolSize} | {group.Key.Work} | {group.Key.Clients} | {string.Join(" | ", figures)} |");
        }

        return text.ToString();
    }

    private static string Figures(Measurement? median) =>
        median is null ? "–" : string.Create(CultureInfo.InvariantCulture, $"{median.TransactionsPerSecond:N0}; {median.Machine:N0}");
}
