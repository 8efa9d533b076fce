using System.Collections.Concurrent;
using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>What clients cost: memory while they do nothing, garbage while they run queries.</summary>
public sealed class ResourceTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const int WantedClients = 10_000, LeastClients = 4_000;

    /// <summary>Descriptors left to the test program itself and to tests running beside this one.</summary>
    private const int OwnDescriptors = 2_000;

    /// <summary>Together 150 MB at 10,000 clients; the runtime's own share does not shrink with fewer.</summary>
    private const long ProcessBytes = 50_000_000, BytesPerClient = 10_000;

    private const int LoginsAtOnce = 64;
    private const int Queries = 50_000, Workers = 6, Servers = 2;
    private const int BytesPerQuery = 100;

    private static readonly byte[] SimpleQuery = Frontend.Query("SELECT 1");
    private static readonly byte[] ExtendedQuery = Frontend.Concat(Frontend.Run("SELECT $1::int", "1"), Frontend.Sync);

    [Theory]
    [EachLocalDataPath]
    public async Task ResidentMemory_TenThousandIdleClients_StaysBounded(DataPath path)
    {
        var count = Math.Min(WantedClients, DescriptorsAllowed() - OwnDescriptors);
        Assert.True(count >= LeastClients, $"the descriptor limit allows {count} clients only");
        var pooler = await StartAsync(path, config => config.Set("max_client_conn", WantedClients).Set("default_pool_size", Servers));
        var clients = new ConcurrentBag<RawClient>();
        try
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, count),
                new ParallelOptions { MaxDegreeOfParallelism = LoginsAtOnce },
                async (_, _) => clients.Add(await pooler.ClientAsync()));
            var resident = pooler.ResidentBytes();
            TestContext.Current.TestOutputHelper?.WriteLine($"{count} idle clients: {resident / 1e6:0.0} MB resident");
            Assert.InRange(resident, 1, ProcessBytes + (count * BytesPerClient));
            foreach (var client in clients.Where((_, index) => index % 100 == 0))
                Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
        }
        finally
        {
            foreach (var client in clients)
                await client.DisposeAsync();
        }
    }

    [Theory]
    [EachLocalDataPath(false)]
    [EachLocalDataPath(true)]
    public async Task AllocatedBytes_ManyQueriesOverAFullPool_DoNotGrowPerQuery(DataPath path, bool extended)
    {
        Assert.SkipWhen(PoolerProgram.IsReference, "SHOW COUNTERS is Tigger's own");
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", Servers));
        await using var admin = await pooler.AdminAsync();
        var clients = new List<RawClient>();
        for (var i = 0; i < Workers; i++)
            clients.Add(Own(await pooler.ClientAsync()));
        var query = extended ? ExtendedQuery : SimpleQuery;

        // The buffers of every thread, and code that is compiled a second time, belong to the process, not to the queries.
        await RunAsync(clients, query, Queries / 10);
        var before = (await admin.CountersAsync())["allocated_bytes"];
        var waitedBefore = await WaitTimeAsync(admin);
        await RunAsync(clients, query, Queries);
        var perQuery = ((await admin.CountersAsync())["allocated_bytes"] - before) / (double)Queries;
        TestContext.Current.TestOutputHelper?.WriteLine($"{perQuery:0.00} bytes per {(extended ? "extended" : "simple")} query");
        Assert.InRange(perQuery, 0, BytesPerQuery);
        Assert.True(await WaitTimeAsync(admin) > waitedBefore, "no query waited for a server");
    }

    private static Task RunAsync(List<RawClient> clients, byte[] query, int total) => Task.WhenAll(clients.Select(client => Task.Run(async () =>
    {
        for (var i = 0; i < total / clients.Count; i++)
        {
            await client.SendAsync(query);
            Assert.Equal("1", (await client.ReadReplyAsync()).Succeeded().Scalar);
        }
    })));

    private static async Task<long> WaitTimeAsync(AdminConsole admin) => long.Parse(
        (await admin.ShowAsync("STATS_TOTALS")).Single(row => row["database"] == Database)["wait_time"]!, CultureInfo.InvariantCulture);

    private static int DescriptorsAllowed()
    {
        var line = File.ReadLines("/proc/self/limits").Single(text => text.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        return int.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : int.MaxValue;
    }
}
