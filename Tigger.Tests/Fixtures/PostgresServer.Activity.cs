using Npgsql;

namespace Tigger.Tests.Fixtures;

/// <summary>What pg_stat_activity says about one database: the truth the pooler's own numbers are checked against.</summary>
public sealed partial class PostgresServer
{
    public Task<long> CountBackendsAsync(string database, string condition = "true") =>
        ScalarAsync<long>(
            $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND backend_type = 'client backend' AND {condition}");

    public async Task<IReadOnlyList<int>> BackendsAsync(string database)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(
            $"SELECT pid FROM pg_stat_activity WHERE datname = '{database}' AND backend_type = 'client backend' ORDER BY pid", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var pids = new List<int>();
        while (await reader.ReadAsync())
            pids.Add(reader.GetInt32(0));
        return pids;
    }
}
