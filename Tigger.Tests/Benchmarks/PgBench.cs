using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Tigger.Benchmarks;

/// <summary>One run of pgbench against one target.</summary>
internal static partial class PgBench
{
    public static async Task<Measurement> RunAsync(
        BenchmarkTarget target, BenchmarkHosts hosts, Combination combination, int seconds, double samplingRate, bool tls, string workDirectory, CancellationToken cancellation)
    {
        string logs = Directory.CreateDirectory(Path.Combine(workDirectory, "latencies")).FullName;
        int threads = Math.Min(combination.Clients, Environment.ProcessorCount);
        string[] script = ["-S"];
        if (combination.ReplyBytes > 0)
        {
            string file = Path.Combine(workDirectory, $"reply-{combination.ReplyBytes}.sql");
            await File.WriteAllTextAsync(file, $"SELECT repeat('x', {combination.ReplyBytes});\n", cancellation);
            script = ["-f", file];
        }

        ProcessStartInfo start = hosts.ForClients(new(
            Tool.Require("pgbench"),
            [
                "-n", .. script, "-M", combination.Mode, "-c", $"{combination.Clients}", "-j", $"{threads}", "-T", $"{seconds}",
                "-l", "--log-prefix", Path.Combine(logs, "log"), "--sampling-rate", samplingRate.ToString(CultureInfo.InvariantCulture),
                "-h", hosts.HostFor(target.Proxy is not null), "-p", $"{target.Port}", "-U", BenchmarkServers.User, BenchmarkServers.Database,
            ]));
        start.Environment["PGSSLMODE"] = tls ? "require" : "disable";
        try
        {
            CpuClock begin = CpuClock.Read(target.Proxy?.Id);
            string output = await Tool.RunAsync(start, cancellation);
            CpuClock used = CpuClock.Read(target.Proxy?.Id).Since(begin);

            double transactions = Number(TransactionsPattern(), output);
            if (transactions == 0)
                throw new BenchmarkException("pgbench finished no transaction");
            (double p50, double p99) = Latencies.Read(logs);
            return new Measurement(
                Number(RatePattern(), output), p50, p99,
                used.ProxyUser / transactions, used.ProxySystem / transactions, used.Machine / transactions);
        }
        finally
        {
            Directory.Delete(logs, recursive: true);
        }
    }

    private static double Number(Regex pattern, string output)
    {
        Match match = pattern.Match(output);
        return match.Success
            ? double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : throw new BenchmarkException($"pgbench printed no '{pattern}':\n{output}");
    }

    [GeneratedRegex(@"^number of transactions actually processed: (\d+)", RegexOptions.Multiline)]
    private static partial Regex TransactionsPattern();

    [GeneratedRegex(@"^tps = ([\d.]+) \(without initial connection time\)", RegexOptions.Multiline)]
    private static partial Regex RatePattern();
}
