using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>What the kernel counts is in every statistic, once.</summary>
public sealed class KernelStatisticsTests(PostgresServer postgres) : KernelTest(postgres)
{
    [RequiresBpfFact]
    public async Task Stats_QueriesInTheKernel_AreCountedByEveryCommand()
    {
        const int Queries = 20;
        var pooler = await StartKernelAsync(1);
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await EnterKernelAsync(console, client);
        var before = await console.TotalsAsync();
        var all = await AllTotalsAsync(console);
        var counters = await KernelCounters.ReadAsync(console);
        for (var i = 0; i < Queries; i++)
            (await client.ExtendedAsync("SELECT pg_sleep(0.002)")).Succeeded();
        var grown = await KernelCounters.SinceAsync(console, counters);
        Assert.True(grown["request"] >= Queries - 1, $"the first may be passed up: {grown}");

        await Eventually.EqualAsync(before["xact_count"] + Queries, async () => (await console.TotalsAsync())["xact_count"], "transactions");
        var after = await console.TotalsAsync();
        foreach (var column in new[] { "server_assignment_count", "query_count" })
            Assert.Equal((column, Queries), (column, after[column] - before[column]));
        foreach (var column in new[] { "xact_time", "query_time" })
            Assert.InRange(after[column] - before[column], Queries * 2_000, Queries * 2_000_000);
        foreach (var column in new[] { "bytes_received", "bytes_sent" })
            Assert.InRange(after[column] - before[column], Queries * 20, Queries * 1_000);

        var row = (await console.ShowAsync("STATS")).Single(one => one["database"] == Database);
        Assert.Equal($"{after["xact_count"]}", row["total_xact_count"]);
        Assert.NotEqual("0", row["avg_query_time"]);

        // The console's own statements are in there, too.
        Assert.InRange((await AllTotalsAsync(console))["total_xact_count"] - all["total_xact_count"], Queries, 2 * Queries);
    }

    [RequiresBpfFact]
    public async Task Stats_ClientsComeAndGo_TotalsNeverGoDown()
    {
        var pooler = await StartKernelAsync(2);
        await using var console = await pooler.AdminAsync();
        IReadOnlyDictionary<string, long>? last = null;
        for (var i = 0; i < 20; i++)
        {
            await using (var client = await pooler.ClientAsync())
            {
                await client.ScalarAsync("SELECT 1");
                await client.ScalarAsync("SELECT 1");
            }

            var now = await console.TotalsAsync();
            Assert.All(now, pair => Assert.True(last is null || pair.Value >= last[pair.Key], $"{pair.Key} fell from {last?[pair.Key]} to {pair.Value}"));
            last = now;
        }

        await Eventually.EqualAsync(40, async () => (await console.TotalsAsync())["xact_count"], "transactions");
    }

    /// <summary>The request waits in the kernel, and C# sends it to the server it opens: neither is to forget it.</summary>
    [RequiresBpfFact]
    public async Task Stats_WaitingClientGetsANewServer_AssignmentAndWaitAreCounted()
    {
        var pooler = await StartKernelAsync(2);
        await using var console = await pooler.AdminAsync();
        await using var holder = await pooler.ClientAsync();
        await using var waiter = await pooler.ClientAsync();
        await EnterKernelAsync(console, waiter);
        await holder.QueryAsync("BEGIN");
        Assert.Equal(1, (await console.KernelAsync(Database)).Servers);
        var before = await console.TotalsAsync();
        var counters = await KernelCounters.ReadAsync(console);
        await waiter.ScalarAsync("SELECT 1");
        Assert.Equal(1, (await KernelCounters.SinceAsync(console, counters))["wait"]);
        var after = await console.TotalsAsync();
        Assert.Equal(before["server_assignment_count"] + 1, after["server_assignment_count"]);
        Assert.InRange(after["wait_time"] - before["wait_time"], 1, 20_000_000);
        await holder.QueryAsync("COMMIT");
    }

    /// <summary>The programs have counted what is in the request when C# takes it over and counts what it sends.</summary>
    [RequiresBpfFact]
    public async Task Stats_WaitingRequestTakenBack_IsCountedOnce()
    {
        var pooler = await StartKernelAsync(1, config => config.Set("query_wait_notify", 1));
        await using var console = await pooler.AdminAsync();
        await using var holder = await pooler.ClientAsync();
        await using var waiter = await pooler.ClientAsync();
        await EnterKernelAsync(console, waiter);
        await holder.QueryAsync("BEGIN");
        var before = await console.TotalsAsync();
        var request = Frontend.Concat(Frontend.Run("SELECT 1"), Frontend.Sync);
        await waiter.SendAsync(request);
        Assert.Equal('N', (await waiter.ReadAsync()).Type);
        await holder.QueryAsync("COMMIT");
        await waiter.ReadReplyAsync();
        await Eventually.EqualAsync(before["query_count"] + 2, async () => (await console.TotalsAsync())["query_count"], "queries");
        var after = await console.TotalsAsync();
        Assert.Equal(1, after["server_assignment_count"] - before["server_assignment_count"]);
        Assert.Equal(request.Length + Frontend.Query("COMMIT").Length, after["bytes_received"] - before["bytes_received"]);
        Assert.True(after["wait_time"] - before["wait_time"] >= 1_000_000, $"waited {after["wait_time"] - before["wait_time"]} µs");
    }

    /// <summary>The link lasts, the transactions do not.</summary>
    [RequiresBpfFact]
    public async Task Stats_SessionPooling_TimeBetweenTransactionsIsNone()
    {
        var pooler = await StartKernelAsync(1, config => config.Set("pool_mode", "session").Set("transaction_timeout", 1));
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await EnterKernelAsync(console, client);
        await EnterKernelAsync(console, client);
        Assert.Equal(1, (await console.KernelAsync(Database)).Linked);
        var before = await console.TotalsAsync();
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
        await Eventually.EqualAsync(before["xact_count"] + 2, async () => (await console.TotalsAsync())["xact_count"], "transactions");
        var after = await console.TotalsAsync();
        Assert.InRange(after["xact_time"] - before["xact_time"], 1, 1_000_000);
    }

    [RequiresBpfFact]
    public async Task LogLine_QueriesInTheKernel_AreInIt()
    {
        var pooler = await StartKernelAsync(1, config => config.Set("stats_period", 1));
        await using var client = await pooler.ClientAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                for (var i = 0; i < 20; i++)
                    await client.ScalarAsync("SELECT 1");
                return System.Text.RegularExpressions.Regex.IsMatch(pooler.Log.Text, @"stats: [1-9]\d+ xacts/s, [1-9]\d+ queries/s");
            },
            "a line with more than the logins");
    }

    [RequiresBpfFact]
    public async Task ShowKernelTimes_SleepingQueries_TellHowLong()
    {
        var pooler = await StartKernelAsync(1);
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await using var waiter = await pooler.ClientAsync();
        await EnterKernelAsync(console, client, waiter);
        for (var i = 0; i < 30; i++)
            await client.ScalarAsync("SELECT pg_sleep(0.03)");
        var sleep = client.ScalarAsync("SELECT pg_sleep(0.1)");
        await waiter.ScalarAsync("SELECT 1");
        await sleep;

        var rows = (await console.ShowAsync("KERNEL_TIMES")).Where(row => row["database"] == Database).ToList();
        Assert.Equal(["transaction", "query", "wait"], rows.Select(row => row["kind"]));
        Assert.All(rows, row => Assert.Equal(Roles.Superuser, row["user"]));
        foreach (var row in rows.Take(2))
        {
            Assert.InRange(Number(row, "count"), 32, 60);
            Assert.InRange(Number(row, "p50_us"), 15_000, 70_000);
            Assert.InRange(Number(row, "p99_us"), 60_000, 20_000_000);
        }

        Assert.InRange(Number(rows[2], "count"), 0, 1);
        Assert.All(rows, row => Assert.True(
            Number(row, "p50_us") <= Number(row, "p95_us") && Number(row, "p95_us") <= Number(row, "p99_us") && Number(row, "p99_us") <= Number(row, "max_us")));

        static long Number(IReadOnlyDictionary<string, string?> row, string column) => long.Parse(row[column]!, CultureInfo.InvariantCulture);
    }

    /// <summary>A pool that is out of the configuration gives its number back, and the next one begins with nothing in it.</summary>
    [RequiresBpfFact]
    public async Task Reload_DatabaseReplaced_NumbersBelongToTheNewOne()
    {
        const string Other = "other";
        var config = NewConfig(DataPath.Kernel).Database(Other, ("host", PostgresServer.Host), ("port", Postgres.Port), ("dbname", ServerDatabase));
        var pooler = await StartAsync(config);
        await using var console = await pooler.AdminAsync();
        await UseAsync(Other, 30);
        config.RemoveDatabase(Other);
        Assert.Equal("RELOAD", (await pooler.ReloadAsync()).Succeeded().Tags.Single());
        await Eventually.TrueAsync(async () => (await console.KernelAsync()).All(pool => pool.Database != Other), "the pool gone");
        await UseAsync(Database, 3);
        await Eventually.EqualAsync(3, async () => (await console.TotalsAsync())["xact_count"], "transactions of the new pool");
        await AssertBalanceAsync(pooler, console, 20);

        async Task UseAsync(string database, int queries)
        {
            await using var client = await pooler.ClientAsync(database: database);
            for (var i = 0; i < queries; i++)
                await client.ScalarAsync("SELECT 1");
        }
    }

    private static async Task<IReadOnlyDictionary<string, long>> AllTotalsAsync(AdminConsole console) =>
        (await console.ShowAsync("TOTALS")).ToDictionary(row => row["name"]!, row => long.Parse(row["value"]!, CultureInfo.InvariantCulture));
}
