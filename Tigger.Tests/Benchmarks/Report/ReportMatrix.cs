namespace Tigger.Benchmarks.Report;

/// <summary>What is measured for which part of the report.</summary>
internal static class ReportMatrix
{
    public const string Local = "local", Remote = "remote", Tls = "tls";

    private const int UsualPool = 10;
    private const int UsualClients = 50;
    private const string UsualWorkload = "simple";

    private static readonly int[] Pools = [5, 10, 20];
    private static readonly int[] Rates = [500, 2000, 5000, 10000];

    /// <summary>In the order in which they are measured: when time runs out, the first are there.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["clients", "workloads", "load", "timeline", "idle", "pools", "tls", "remote"];

    /// <summary>All cells, round by round; what is to be compared follows directly.</summary>
    public static IReadOnlyList<ReportCell> Cells(ReportOptions options) =>
    [
        .. from round in Enumerable.Range(1, options.Rounds)
           from section in Sections
           where options.Sections.Contains(section)
           from cell in Of(section, options)
           from target in options.Targets
           select cell with { Target = target, Round = round },
    ];

    private static IEnumerable<ReportCell> Of(string section, ReportOptions options)
    {
        ReportCell usual = new(section, UsualWorkload, Local, Math.Min(UsualClients, options.Clients.Max()), UsualPool, 0, "", 0);
        return section switch
        {
            "clients" => options.Clients.Select(clients => usual with { Clients = clients }),
            "workloads" => options.Workloads.Select(workload => usual with { Workload = workload }),
            "load" => Rates.Select(rate => usual with { Rate = rate }),
            "pools" => Pools.Select(pool => usual with { Pool = pool }),
            "tls" => [usual with { Network = Tls }, usual with { Network = Tls, Workload = "connect" }],
            "remote" => [usual with { Network = Remote }, usual with { Network = Remote, Workload = "large" }],
            "idle" => [usual with { Clients = options.IdleClients }],
            _ => [usual with { Clients = Math.Min(8, usual.Clients) }],
        };
    }
}
