using System.Globalization;

namespace Tigger.Benchmarks.Report;

/// <summary>
/// pgbench's per-transaction logs: client, number of the transaction, microseconds, number of the script, seconds and microseconds
/// of the end.
/// </summary>
internal sealed class PgBenchLog
{
    private const int Quantiles = 100;

    private readonly List<double> _reads = [];
    private readonly List<double> _writes = [];
    private readonly Dictionary<int, int> _perClient = [];

    /// <param name="directory">Of the files, one per thread.</param>
    /// <param name="writes">Whether the script of that number changes rows.</param>
    public PgBenchLog(string directory, Func<int, bool> writes)
    {
        foreach (string line in Directory.GetFiles(directory).SelectMany(File.ReadLines))
        {
            string[] fields = line.Split(' ');
            // A failed transaction has a word instead of a number.
            if (!int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out int microseconds))
                continue;
            (writes(int.Parse(fields[3], CultureInfo.InvariantCulture)) ? _writes : _reads).Add(microseconds / 1000.0);
            int client = int.Parse(fields[0], CultureInfo.InvariantCulture);
            _perClient[client] = _perClient.GetValueOrDefault(client) + 1;
        }

        _reads.Sort();
        _writes.Sort();
    }

    public IReadOnlyList<double> Reads => Curve(_reads);

    public IReadOnlyList<double> Writes => Curve(_writes);

    /// <summary>Milliseconds within which that share of all transactions ended.</summary>
    public double At(double share)
    {
        List<double> all = [.. _reads, .. _writes];
        all.Sort();
        return all.Count == 0 ? double.NaN : all[Math.Min(all.Count - 1, (int)(all.Count * share))];
    }

    /// <summary>Each client's transactions to the mean; clients without any count, too.</summary>
    public IReadOnlyList<double> Shares(int clients)
    {
        double[] counts = [.. Enumerable.Range(0, clients).Select(client => (double)_perClient.GetValueOrDefault(client)).Order()];
        double mean = counts.Average();
        return mean == 0 ? [] : [.. Curve(counts).Select(count => count / mean)];
    }

    private static IReadOnlyList<double> Curve(IReadOnlyList<double> sorted) => sorted.Count == 0
        ? []
        : [.. Enumerable.Range(0, Quantiles + 1).Select(i => sorted[(int)Math.Round((double)i * (sorted.Count - 1) / Quantiles)])];
}
