using Tigger.Control;

namespace Tigger.Admin.Show;

/// <summary>SHOW STATS_TOTALS: what each database has done so far.</summary>
public sealed class ShowStatsTotals : IShowCommand
{
    public string Name => "stats_totals";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List(
        "database:s server_assignment_count:n xact_count:n query_count:n bytes_received:n bytes_sent:n xact_time:n query_time:n "
        + "wait_time:n client_parse_count:n server_parse_count:n bind_count:n");

    public void Fill(ResultTable rows, AdminContext context)
    {
        foreach (DatabaseStatistics statistics in context.Sampler.Read())
        {
            rows.Add([statistics.Database, .. statistics.Totals.Values]);
        }
    }
}
