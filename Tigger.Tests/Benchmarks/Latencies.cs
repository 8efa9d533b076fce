using System.Globalization;

namespace Tigger.Benchmarks;

/// <summary>Percentiles from the per-transaction logs of pgbench (one file per thread; the third column is microseconds).</summary>
internal static class Latencies
{
    public static (double P50, double P99) Read(string directory)
    {
        var values = new List<int>();
        foreach (string file in Directory.GetFiles(directory))
        {
            foreach (string line in File.ReadLines(file))
            {
                // A failed transaction has a word in this column.
                if (int.TryParse(line.Split(' ')[2], NumberStyles.None, CultureInfo.InvariantCulture, out int microseconds))
                    values.Add(microseconds);
            }
        }

        values.Sort();
        return values.Count == 0 ? (double.NaN, double.NaN) : (At(values, 0.50), At(values, 0.99));
    }

    private static double At(List<int> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
}
