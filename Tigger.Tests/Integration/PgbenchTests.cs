using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>pgbench's TPC-B: a bank whose books must balance.</summary>
public sealed class PgbenchTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const int Clients = 8, Transactions = 100;

    [Theory]
    [EachDataPath("simple", "transaction", 3)]
    [EachDataPath("extended", "transaction", 3)]
    [EachDataPath("prepared", "session", Clients)]
    [EachDataPath("simple", "session", Clients)]
    public async Task Books_balance(DataPath path, string mode, string poolMode, int poolSize)
    {
        var pooler = await StartAsync(path, config => config.Set("pool_mode", poolMode).Set("default_pool_size", poolSize));
        var initialise = await PgTools.RunAsync(
            "pgbench", ["-i", "-q", "-s", "1", "-h", PostgresServer.Host, "-p", $"{Postgres.Port}", "-U", Roles.Superuser, ServerDatabase]);
        initialise.Succeeded();

        string[] arguments =
        [
            "-n", "-M", mode, "-c", $"{Clients}", "-j", "2", "-t", $"{Transactions}",
            "-h", TiggerProcess.Host, "-p", $"{pooler.Port}", "-U", Roles.Superuser, Database,
        ];
        var run = (await PgTools.RunAsync("pgbench", arguments, TimeSpan.FromSeconds(120))).Succeeded();
        Assert.Contains($"number of transactions actually processed: {Clients * Transactions}/{Clients * Transactions}", run.Output, StringComparison.Ordinal);
        Assert.Contains("number of failed transactions: 0", run.Output, StringComparison.Ordinal);

        const string Books = """
            SELECT (SELECT count(*) FROM pgbench_history) || ' ' || count(DISTINCT total) FROM (
                SELECT sum(abalance) AS total FROM pgbench_accounts UNION ALL SELECT sum(tbalance) FROM pgbench_tellers
                UNION ALL SELECT sum(bbalance) FROM pgbench_branches UNION ALL SELECT sum(delta) FROM pgbench_history) totals
            """;
        Assert.Equal($"{Clients * Transactions} 1", await Postgres.ScalarAsync<string>(Books, ServerDatabase));
    }
}
