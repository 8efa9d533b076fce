using Npgsql;

namespace Tigger.Tests.Fixtures;

/// <summary>What pg_stat_activity says about one database: the truth the pooler's own numbers are checked against.</summary>
public sealed partial class PostgresServer
{
    /// <summary>application_name of the tests' own connections, which are not counted: one that was closed is seen for a moment yet.</summary>
    private const string Observer = "observer";

    private const string Backends = $"pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> '{Observer}'";

    public Task<long> CountBackendsAsync(string database, string condition = "true") =>
        ScalarAsync<long>(
            $"SELECT count(*) FROM {Backends} AND datname = '{database}' AND {condition}");

    public async Task<IReadOnlyList<int>> BackendsAsync(string database)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(
            $"SELECT pid FROM {Backends} AND datname = '{database}' ORDER BY pid", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var pids = new List<int>();
        while (await reader.ReadAsync())
            pids.Add(reader.GetInt32(0));
        return pids;
    }
}
