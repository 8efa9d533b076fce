using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Tigger.Benchmarks.Report;

/// <summary>One run of pgbench for the report.</summary>
internal static partial class WorkloadRun
{
    // pgbench writes a line per transaction; of very many, a part tells as much.
    private const string SamplingRate = "0.25";

    public static async Task<ReportResult> RunAsync(
        ReportCell cell, BenchmarkTarget target, BenchmarkHosts hosts, int seconds, string workDirectory, CancellationToken cancellation)
    {
        Workload workload = Workload.Find(cell.Workload);
        string directory = Directory.CreateDirectory(Path.Combine(workDirectory, "run")).FullName;
        try
        {
            string logs = Directory.CreateDirectory(Path.Combine(directory, "logs")).FullName;
            List<string> arguments =
            [
                "-n", "-M", workload.Mode, "-c", $"{cell.Clients}", "-j", $"{Math.Min(cell.Clients, Environment.ProcessorCount)}", "-T", $"{seconds}",
                "-l", "--log-prefix", Path.Combine(logs, "log"), "--sampling-rate", SamplingRate, .. workload.Arguments,
            ];
            for (int i = 0; i < workload.Scripts.Count; i++)
            {
                string file = Path.Combine(directory, $"{i}.sql");
                await File.WriteAllTextAsync(file, workload.Scripts[i].Text, cancellation);
                arguments.AddRange("-f", $"{file}@{workload.Scripts[i].Weight}");
            }

            // With scripts of one's own pgbench takes the scale for 1.
            if (workload.Scripts.Count > 0)
                arguments.AddRange("-D", "scale=1");
            if (cell.Rate > 0)
                arguments.AddRange("-R", $"{cell.Rate}");
            ProcessStartInfo start = hosts.ForClients(new(
                Tool.Require("pgbench"),
                [.. arguments, "-h", hosts.HostFor(target.Proxy is not null), "-p", $"{target.Port}", "-U", BenchmarkServers.User, BenchmarkServers.Database]));
            start.Environment["PGSSLMODE"] = cell.Network == ReportMatrix.Tls ? "require" : "disable";

            long begin = Stopwatch.GetTimestamp();
            CpuClock before = CpuClock.Read(target.Proxy?.Id);
            string output = await Tool.RunAsync(start, cancellation);
            CpuClock used = CpuClock.Read(target.Proxy?.Id).Since(before);
            double elapsed = Stopwatch.GetElapsedTime(begin).TotalMicroseconds;

            // With -C the rate includes connecting, and is called so.
            Match rate = RatePattern().Match(output);
            if (!rate.Success)
                throw new BenchmarkException($"pgbench printed no rate:\n{output}");
            // Of TPC-B every transaction writes; pgbench's own script has the number 0 as well.
            PgBenchLog log = new(logs, script => workload.Scripts.Count > 0 ? workload.Scripts[script].Writes : cell.Workload == "tpcb");
            return new ReportResult(cell, TimeProvider.System.GetUtcNow())
            {
                TransactionsPerSecond = double.Parse(rate.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
                ReadLatencies = log.Reads,
                WriteLatencies = log.Writes,
                P50 = log.At(0.5),
                P99 = log.At(0.99),
                ProxyCores = (used.ProxyUser + used.ProxySystem) / elapsed,
                MachineCores = used.Machine / elapsed,
                ProxyMemory = target.Proxy is { } proxy ? ProcessMemory.Resident(proxy.Id) : 0,
                Shares = log.Shares(cell.Clients),
            };
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [GeneratedRegex(@"^tps = ([\d.]+) \((?:without initial connection time|including reconnection times)\)", RegexOptions.Multiline)]
    private static partial Regex RatePattern();
}
