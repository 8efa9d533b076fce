namespace Tigger.Benchmarks;

/// <summary>Result of one run. Times are microseconds; processor times are per transaction.</summary>
internal sealed record Measurement(double TransactionsPerSecond, double P50, double P99, double ProxyUser, double ProxySystem, double Machine)
{
    /// <summary>Column by column: the median round of one number need not be that of another.</summary>
    public static Measurement Median(IReadOnlyList<Measurement> rounds)
    {
        double Of(Func<Measurement, double> number)
        {
            double[] sorted = [.. rounds.Select(number).Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }

        return new(Of(m => m.TransactionsPerSecond), Of(m => m.P50), Of(m => m.P99), Of(m => m.ProxyUser), Of(m => m.ProxySystem), Of(m => m.Machine));
    }
}
