using Tigger.Control;

namespace Tigger.Admin.Show;

/// <summary>SHOW STATS: totals and averages of each database.</summary>
public sealed class ShowStats : IShowCommand
{
    public string Name => "stats";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List(
        "database:s total_server_assignment_count:n total_xact_count:n total_query_count:n total_received:n total_sent:n "
        + "total_xact_time:n total_query_time:n total_wait_time:n total_client_parse_count:n total_server_parse_count:n "
        + "total_bind_count:n avg_server_assignment_count:n avg_xact_count:n avg_query_count:n avg_recv:n avg_sent:n "
        + "avg_xact_time:n avg_query_time:n avg_wait_time:n avg_client_parse_count:n avg_server_parse_count:n avg_bind_count:n");

    public void Fill(ResultTable rows, AdminContext context)
    {
        foreach (DatabaseStatistics statistics in context.Sampler.Read())
        {
            rows.Add([statistics.Database, .. statistics.Totals.Values, .. statistics.Averages.Values]);
        }
    }
}
