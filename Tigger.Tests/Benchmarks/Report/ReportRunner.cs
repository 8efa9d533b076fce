using System.Text.Json;

namespace Tigger.Benchmarks.Report;

/// <summary><c>report</c>: measures what is missing of the matrix, within the time, and makes the page of all there is.</summary>
internal static class ReportRunner
{
    private const string Unavailable = "not here: ";

    public static async Task<int> RunAsync(ReportOptions options, CancellationToken cancellation)
    {
        try
        {
            RawData data = new(options.Output);
            ReportCell[] missing = options.PageOnly ? [] : [.. ReportMatrix.Cells(options).Where(cell => !data.Has(cell))];
            long end = Environment.TickCount64 + (long)options.Budget.TotalMilliseconds;
            foreach (IGrouping<string, ReportCell> network in missing.GroupBy(cell => cell.Network))
                await MeasureAsync(network.Key, [.. network], data, options, end, cancellation);

            int left = options.PageOnly ? 0 : missing.Count(cell => !data.Has(cell));
            string page = Path.Combine(options.Output, "index.html");
            await File.WriteAllTextAsync(page, ReportPage.Write(data.Results, await MachineAsync(options)), cancellation);
            Say($"written: {page}{(left > 0 ? $"; {left} measurements are missing: run again to go on" : "")}");
            return data.Results.Any(result => result.Missing is not null && !result.Missing.StartsWith(Unavailable, StringComparison.Ordinal)) ? 1 : 0;
        }
        catch (BenchmarkException e)
        {
            await Console.Error.WriteLineAsync($"bench report: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("bench report: interrupted; what was measured is kept, run again to go on");
            return 130;
        }
    }

    /// <summary>The machine that measured, which need not be the one that makes the page.</summary>
    private static async Task<MachineInfo> MachineAsync(ReportOptions options)
    {
        string file = Path.Combine(options.Output, "machine.json");
        if (!options.PageOnly)
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(await MachineInfo.ReadAsync()));
        return File.Exists(file)
            ? JsonSerializer.Deserialize<MachineInfo>(await File.ReadAllTextAsync(file))!
            : throw new BenchmarkException($"{file} is missing: nothing has been measured into this directory");
    }

    private static async Task MeasureAsync(
        string network, ReportCell[] cells, RawData data, ReportOptions options, long end, CancellationToken cancellation)
    {
        BenchmarkOptions servers = ServerOptions(network, cells, options);
        await using BenchmarkHosts hosts = await BenchmarkHosts.MakeAsync(servers.RemoteClients, false, cancellation);
        await using ReportServers targets = new(servers, hosts);
        Say($"{network}: starting PostgreSQL and loading scale {options.Scale}");
        await targets.StartAsync(cancellation);
        foreach (ReportCell cell in cells)
        {
            if (Environment.TickCount64 > end)
                return;
            ReportResult result = await MeasureAsync(cell, targets, hosts, options, cancellation);
            data.Add(result);
            Say($"{cell.Section,-9} {cell.Workload,-8} {cell.Network,-6} {cell.Clients,5} clients  pool {cell.Pool,2}  {(cell.Rate > 0 ? $"{cell.Rate}/s" : ""),8}  {Targets.Title(cell.Target),-15} {result.Missing ?? $"{result.TransactionsPerSecond,8:F0} tps"}");
        }
    }

    private static async Task<ReportResult> MeasureAsync(
        ReportCell cell, ReportServers servers, BenchmarkHosts hosts, ReportOptions options, CancellationToken cancellation)
    {
        try
        {
            BenchmarkTarget target = await servers.TargetAsync(cell.Target, cell.Pool, cancellation);
            Workload workload = Workload.Find(cell.Workload);
            if (target.WhyNot(workload.Mode) is { } reason)
                return Without(cell, Unavailable + reason);
            if (cell.Section == "idle" && target.Proxy is null)
                return Without(cell, $"{Unavailable}PostgreSQL has a process per connection; {cell.Clients} are not tried");
            ReportResult result = cell.Section switch
            {
                "idle" => await IdleRun.RunAsync(cell, target, options.Seconds, cancellation),
                "timeline" => await TimelineRun.RunAsync(
                    cell, target.Port, () => servers.KillAndStartAgainAsync(cell.Target, cell.Pool, cancellation), () => servers.RestartPostgresAsync(cancellation), cancellation),
                _ => await WorkloadRun.RunAsync(cell, target, hosts, options.Seconds, servers.WorkDirectory, cancellation),
            };
            return result with { Version = target.Version };
        }
        catch (BenchmarkException e)
        {
            return Without(cell, e.Message);
        }
    }

    private static ReportResult Without(ReportCell cell, string reason) => new(cell, TimeProvider.System.GetUtcNow()) { Missing = reason };

    private static BenchmarkOptions ServerOptions(string network, ReportCell[] cells, ReportOptions options) => new()
    {
        Targets = options.Targets,
        Modes = [],
        Clients = [.. cells.Select(cell => cell.Clients).Distinct()],
        Rounds = options.Rounds,
        Seconds = options.Seconds,
        Scale = options.Scale,
        PoolSizes = [.. cells.Select(cell => cell.Pool).Distinct()],
        SamplingRate = 1,
        TiggerPath = null,
        PgBouncerPath = null,
        RemoteClients = network == ReportMatrix.Remote,
        RemoteServers = false,
        AllEnds = false,
        ReplyBytes = [],
        Mirrors = false,
        Tls = network == ReportMatrix.Tls,
        Unrelated = false,
        Output = options.Output,
    };

    private static void Say(string text) => Console.WriteLine($"bench report: {text}");
}
