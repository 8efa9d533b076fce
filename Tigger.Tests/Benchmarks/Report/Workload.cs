namespace Tigger.Benchmarks.Report;

/// <summary>What clients do, as pgbench is told it.</summary>
/// <param name="Name">In the raw data.</param>
/// <param name="Title">In the charts.</param>
/// <param name="Mode">pgbench's query mode.</param>
/// <param name="Scripts">Text, weight, and whether it changes rows; none for pgbench's own scripts.</param>
/// <param name="Arguments">Further arguments.</param>
internal sealed record Workload(
    string Name, string Title, string Mode, IReadOnlyList<(string Text, int Weight, bool Writes)> Scripts, params IReadOnlyList<string> Arguments)
{
    // Keys are chosen as YCSB's usual workloads choose them: few rows get most of the requests.
    private const string Key = "\\set aid random_zipfian(1, 100000 * :scale, 1.01)\n";
    private const string Read = Key + "SELECT abalance FROM pgbench_accounts WHERE aid = :aid;\n";
    private const string Update = Key + "UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = :aid;\n";
    private const string Large = "SELECT repeat('x', 1000) FROM generate_series(1, 100);\n";

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("simple", "one row, simple protocol", "simple", [], "-S"),
        new("extended", "one row, extended protocol", "extended", [], "-S"),
        new("prepared", "one row, prepared", "prepared", [], "-S"),
        new("tpcb", "TPC-B (7 statements)", "simple", [], "-b", "tpcb-like"),
        new("ycsb-b", "YCSB-like, 95 % read", "extended", [(Read, 95, false), (Update, 5, true)]),
        new("ycsb-a", "YCSB-like, 50 % read", "extended", [(Read, 50, false), (Update, 50, true)]),
        new("large", "100 kB per answer", "simple", [(Large, 1, false)]),
        new("connect", "a connection per transaction", "simple", [], "-S", "-C"),
    ];

    public static Workload Find(string name) => All.First(workload => workload.Name == name);
}
