namespace Tigger.Benchmarks.Report.Charts;

/// <summary>From values to places on a line.</summary>
/// <param name="Title">What and in what unit.</param>
/// <param name="Min">The value at the line's beginning; above 0 on a logarithmic axis.</param>
/// <param name="Max">The value at its end.</param>
/// <param name="IsLogarithmic">Equal ratios are equal distances.</param>
internal sealed record Axis(string Title, double Min, double Max, bool IsLogarithmic)
{
    private const int WantedTicks = 6;

    public IReadOnlyList<double> Ticks => IsLogarithmic ? Charts.Ticks.Logarithmic(Min, Max) : Charts.Ticks.Linear(Min, Max, WantedTicks);

    /// <summary>An axis from 0 to a little above the greatest value.</summary>
    public static Axis FromZero(string title, IEnumerable<double> values)
    {
        double max = values.DefaultIfEmpty(1).Max();
        IReadOnlyList<double> ticks = Charts.Ticks.Linear(0, max > 0 ? max * 1.25 : 1, WantedTicks);
        return new(title, 0, ticks.FirstOrDefault(tick => tick >= max, max * 1.05), false);
    }

    /// <summary>A logarithmic axis around all values above 0.</summary>
    public static Axis Around(string title, IEnumerable<double> values)
    {
        double[] positive = [.. values.Where(value => value > 0)];
        if (positive.Length == 0)
            return new(title, 1, 10, true);
        return new(title, positive.Min() / 1.15, positive.Max() * 1.15, true);
    }

    /// <summary>Where a value is: 0 at the beginning, 1 at the end.</summary>
    public double Share(double value) => IsLogarithmic
        ? Math.Log(Math.Max(value, Min) / Min) / Math.Log(Max / Min)
        : (value - Min) / (Max - Min);
}
