using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>pgbench's TPC-B: a bank whose books must balance.</summary>
public sealed class PgbenchTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const int Clients = 8, Transactions = 100;
    private const int Crowd = 50, CrowdServers = 5;
    private static readonly TimeSpan SoakTime = TimeSpan.FromMinutes(5);

    [Theory]
    [EachDataPath("simple", "transaction", 3)]
    [EachDataPath("extended", "transaction", 3)]
    [EachDataPath("prepared", "transaction", 3)]
    [EachLocalDataPath("prepared", "session", Clients)]
    [EachDataPath("simple", "session", Clients)]
    public async Task Books_balance(DataPath path, string mode, string poolMode, int poolSize)
    {
        var pooler = await StartAsync(path, config => config.Set("pool_mode", poolMode).Set("default_pool_size", poolSize));
        Assert.Equal(Clients * Transactions, await RunAsync(pooler, mode, Clients, ["-t", $"{Transactions}"]));
    }

    [Theory]
    [EachDataPath("simple")]
    [EachDataPath("extended")]
    [Trait(Soak.Trait, Soak.Yes)]
    public async Task Books_balance_when_ten_clients_share_a_server(DataPath path, string mode)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", CrowdServers));
        string[] length = Soak.IsOn ? ["-T", $"{SoakTime.TotalSeconds}"] : ["-t", $"{Transactions}"];
        var done = await RunAsync(pooler, mode, Crowd, length);
        Assert.True(Soak.IsOn || done == Crowd * Transactions, $"{done} transactions");
        Assert.InRange(await Postgres.CountBackendsAsync(ServerDatabase), 1, CrowdServers);
    }

    /// <summary>Returns the number of transactions, after the books were found to balance and to hold them all.</summary>
    private async Task<int> RunAsync(TiggerProcess pooler, string mode, int clients, IEnumerable<string> length)
    {
        var initialise = await PgTools.RunAsync(
            "pgbench", ["-i", "-q", "-s", "1", "-h", PostgresServer.Host, "-p", $"{Postgres.Port}", "-U", Roles.Superuser, ServerDatabase]);
        initialise.Succeeded();

        // A thread of pgbench stops for all its clients while one of them prepares: those in a transaction would keep the servers.
        var threads = mode == "prepared" ? clients : 2;
        string[] arguments = ["-n", "-M", mode, "-c", $"{clients}", "-j", $"{threads}", .. length];
        var run = (await pooler.RunToolAsync("pgbench", arguments, TimeSpan.FromSeconds(120) + SoakTime)).Succeeded();
        Assert.Contains("number of failed transactions: 0", run.Output, StringComparison.Ordinal);
        var done = run.Transactions;

        const string Books = """
            SELECT (SELECT count(*) FROM pgbench_history) || ' ' || count(DISTINCT total) FROM (
                SELECT sum(abalance) AS total FROM pgbench_accounts UNION ALL SELECT sum(tbalance) FROM pgbench_tellers
                UNION ALL SELECT sum(bbalance) FROM pgbench_branches UNION ALL SELECT sum(delta) FROM pgbench_history) totals
            """;
        Assert.Equal($"{done} 1", await Postgres.ScalarAsync<string>(Books, ServerDatabase));
        return done;
    }
}
