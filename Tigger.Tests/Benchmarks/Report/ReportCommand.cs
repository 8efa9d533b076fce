using System.CommandLine;

namespace Tigger.Benchmarks.Report;

/// <summary>The command line of <c>report</c>.</summary>
internal static class ReportCommand
{
    private static readonly int[] UsualClients = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000];

    public static Command Build(Func<ReportOptions, CancellationToken, Task<int>> run)
    {
        Option<string> output = new("--output") { Description = "Directory for raw.jsonl and index.html", DefaultValueFactory = _ => "artifacts/bench-report" };
        Option<string[]> sections = CommandLine.List("--sections", "Parts of the report", [.. ReportMatrix.Sections], CommandLine.Names([.. ReportMatrix.Sections]));
        Option<string[]> targets = CommandLine.List("--targets", "What to connect to", [.. Targets.All], CommandLine.Names([.. Targets.All]));
        string[] known = [.. Workload.All.Select(workload => workload.Name)];
        Option<string[]> workloads = CommandLine.List("--workloads", "Kinds of work", known, CommandLine.Names(known));
        Option<int[]> clients = CommandLine.List("--clients", "Numbers of clients", UsualClients, CommandLine.PositiveNumber);
        Option<int> rounds = CommandLine.Number("--rounds", "Rounds; the report shows medians", 3);
        Option<int> seconds = CommandLine.Number("--seconds", "Seconds of one measurement", 5);
        Option<int> scale = CommandLine.Number("--scale", "pgbench scale factor", 10);
        Option<int> idle = CommandLine.Number("--idle-clients", "Clients that do nothing, in the part idle", 5000);
        Option<int> minutes = CommandLine.Number("--budget", "Minutes after which no further measurement is begun; run again to go on", 120);
        Option<bool> page = new("--page-only") { Description = "Only make the page from the raw data that is there" };
        Command command = new("report", "Measure the whole matrix and write a page with charts; goes on where an earlier run into the same directory ended")
        {
            output, sections, targets, workloads, clients, rounds, seconds, scale, idle, minutes, page,
        };
        command.SetAction((parsed, cancellation) => run(
            new ReportOptions
            {
                Output = parsed.GetRequiredValue(output),
                Sections = CommandLine.Given(parsed, sections) ?? ReportMatrix.Sections,
                Targets = CommandLine.Given(parsed, targets) ?? Targets.All,
                Workloads = CommandLine.Given(parsed, workloads) ?? known,
                Clients = CommandLine.Given(parsed, clients) ?? UsualClients,
                Rounds = parsed.GetRequiredValue(rounds),
                Seconds = parsed.GetRequiredValue(seconds),
                Scale = parsed.GetRequiredValue(scale),
                IdleClients = parsed.GetRequiredValue(idle),
                Budget = TimeSpan.FromMinutes(parsed.GetRequiredValue(minutes)),
                PageOnly = parsed.GetValue(page),
            },
            cancellation));
        return command;
    }
}
