namespace Tigger.Benchmarks;

/// <summary>From options to reports: start servers, measure in turns, write down.</summary>
internal static class BenchmarkProgram
{
    private const int WarmUpSeconds = 1;

    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken cancellation)
    {
        try
        {
            if (options.Unrelated)
            {
                await MeasureUnrelatedAsync(options, cancellation);
                return 0;
            }

            List<ResultCell> cells = [];
            RemoteEnds given = new(options.RemoteClients, options.RemoteServers);
            foreach (RemoteEnds ends in options.AllEnds ? RemoteEnds.All : [given])
                cells.AddRange(await MeasureAsync(ends, options, cancellation));
            await ReportAsync(cells, options, await MachineInfo.ReadAsync());
            return cells.Any(c => c.Failed is not null) ? 1 : 0;
        }
        catch (BenchmarkException e)
        {
            await Console.Error.WriteLineAsync($"bench: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("bench: interrupted; servers stopped, nothing reported");
            return 130;
        }
    }

    private static async Task MeasureUnrelatedAsync(BenchmarkOptions options, CancellationToken cancellation)
    {
        await using BenchmarkHosts where = await BenchmarkHosts.MakeAsync(options.RemoteClients, options.RemoteServers, cancellation);
        await using var servers = new BenchmarkServers(options, where);
        await servers.StartPostgresAsync(cancellation);
        await UnrelatedBenchmark.RunAsync(servers, options, cancellation);
    }

    /// <summary>Everything that is asked for, with the given ends on another host.</summary>
    private static async Task<ResultCell[]> MeasureAsync(RemoteEnds ends, BenchmarkOptions options, CancellationToken cancellation)
    {
        await using BenchmarkHosts where = await BenchmarkHosts.MakeAsync(ends.Clients, ends.Servers, cancellation);
        await using var servers = new BenchmarkServers(options, where);
        Say($"on another host: {ends}; starting PostgreSQL and loading scale {options.Scale}");
        await servers.StartPostgresAsync(cancellation);
        var targets = new List<(int PoolSize, BenchmarkTarget Target)>();
        foreach (int poolSize in options.PoolSizes)
        {
            foreach (string name in options.Targets)
            {
                BenchmarkTarget target = await servers.StartTargetAsync(name, poolSize, cancellation);
                targets.Add((poolSize, target));
                Say($"{Targets.Title(name)}, pool of {poolSize}: {target.Unavailable ?? target.Version}");
            }
        }

        ResultCell[] cells =
        [
            .. from poolSize in options.PoolSizes
               from mode in options.Modes
               from clients in options.Clients
               from replyBytes in options.ReplyBytes.DefaultIfEmpty(0)
               from one in targets
               where one.PoolSize == poolSize
               select new ResultCell(new(mode, clients, poolSize, replyBytes, ends), one.Target),
        ];
        await MeasureAsync(cells, where, options, servers.WorkDirectory, cancellation);
        return cells;
    }

    /// <summary>
    /// The targets of one combination follow each other directly, in every round starting with another one: what changes slowly
    /// on the machine hits all alike, and nobody always comes first.
    /// </summary>
    private static async Task MeasureAsync(
        ResultCell[] cells, BenchmarkHosts where, BenchmarkOptions options, string workDirectory, CancellationToken cancellation)
    {
        foreach (ResultCell cell in cells.Where(c => c.Skipped is null).DistinctBy(c => (c.Combination.Mode, c.Combination.PoolSize, c.Target.Name)))
            await MeasureAsync(cell, where, WarmUpSeconds, options, workDirectory, cancellation);
        foreach (ResultCell cell in cells)
            cell.Rounds.Clear();

        for (int round = 0; round < options.Rounds; round++)
        {
            foreach (ResultCell[] group in cells.GroupBy(c => c.Combination).Select(g => g.ToArray()))
            {
                for (int i = 0; i < group.Length; i++)
                {
                    ResultCell cell = group[(i + round) % group.Length];
                    if (cell.Skipped is not null || cell.Failed is not null)
                        continue;
                    await MeasureAsync(cell, where, options.Seconds, options, workDirectory, cancellation);
                    string result = cell.Failed ?? $"{cell.Rounds[^1].TransactionsPerSecond,8:F0} tps";
                    Say($"round {round + 1}/{options.Rounds}  pool {cell.Combination.PoolSize,2}  {cell.Combination.Work,-8} {cell.Combination.Clients,4} clients  {Targets.Title(cell.Target.Name),-15} {result}");
                }
            }
        }
    }

    private static async Task MeasureAsync(
        ResultCell cell, BenchmarkHosts where, int seconds, BenchmarkOptions options, string workDirectory, CancellationToken cancellation)
    {
        try
        {
            cell.Rounds.Add(await PgBench.RunAsync(cell.Target, where, cell.Combination, seconds, options.SamplingRate, options.Tls, workDirectory, cancellation));
        }
        catch (BenchmarkException e)
        {
            string state = cell.Target.Proxy is { HasExited: true } gone ? $"the pooler died:\n{gone.LogTail()}\n" : "";
            cell.Failed = state + e.Message;
        }
    }

    private static async Task ReportAsync(IReadOnlyList<ResultCell> cells, BenchmarkOptions options, MachineInfo machine)
    {
        string directory = Directory.CreateDirectory(options.Output).FullName;
        string markdown = MarkdownReport.Write(cells, options, machine);
        await File.WriteAllTextAsync(Path.Combine(directory, "results.md"), markdown);
        await File.WriteAllTextAsync(Path.Combine(directory, "results.json"), JsonReport.Write(cells, options, machine));
        Console.WriteLine();
        Console.WriteLine(markdown);
        Say($"written: {Path.Combine(options.Output, "results.md")} and results.json");
    }

    private static void Say(string text) => Console.WriteLine($"bench: {text}");
}
