using Tigger.Control;

namespace Tigger.Admin.Show;

/// <summary>SHOW STATS_AVERAGES: what each database does now. The column names mix two styles in PgBouncer, too.</summary>
public sealed class ShowStatsAverages : IShowCommand
{
    public string Name => "stats_averages";

    public IReadOnlyList<ResultColumn> Columns { get; } = ResultColumn.List(
        "database:s server_assignment_count:n xact_count:n query_count:n bytes_received:n bytes_sent:n xact_time:n query_time:n "
        + "wait_time:n avg_client_parse_count:n avg_server_parse_count:n avg_bind_count:n");

    public void Fill(ResultTable rows, AdminContext context)
    {
        foreach (DatabaseStatistics statistics in context.Sampler.Read())
        {
            rows.Add([statistics.Database, .. statistics.Averages.Values]);
        }
    }
}
