using Tigger.Control;

namespace Tigger.Admin.Show;

/// <summary>SHOW TOTALS: the statistics of all databases together, one figure per row.</summary>
public sealed class ShowTotals : IShowCommand
{
    private static readonly string[] Figures =
    [
        "server_assignment_count", "xact_count", "query_count", "client_bytes", "server_bytes", "xact_time", "query_time", "wait_time",
        "ps_client_parse_count", "ps_server_parse_count", "ps_bind_count",
    ];

    public string Name => "totals";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List("name:s value:n");

    public void Fill(ResultTable rows, AdminContext context)
    {
        DatabaseStatistics all = context.Sampler.ReadAll();
        Add(rows, "total_", all.Totals);
        Add(rows, "avg_", all.Averages);
    }

    private static void Add(ResultTable rows, string prefix, StatsFigures values)
    {
        foreach ((string figure, long value) in Figures.Zip(values.Values))
        {
            rows.Add(prefix + figure, value);
        }
    }
}
