using Tigger.Telemetry.Metrics;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Telemetry;

/// <summary>What metrics say is what SHOW STATS, PostgreSQL and the clients counted, on each data path and by each way out.</summary>
public sealed class MetricsTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const int Clients = 6, QueriesEach = 50;
    private const string ServerDatabaseOfMyOwn = "p0";

    [Theory]
    [EachLocalDataPath("http")]
    [EachLocalDataPath("grpc")]
    public async Task Metrics_UnderLoad_EqualWhatEverybodyElseCounted(DataPath path, string protocol)
    {
        await using var server = await QuietServerAsync();
        await using var collector = await OtlpCollector.StartAsync(protocol == "grpc");
        var listener = FreePort.Next();
        var pooler = await StartAsync(path, config => config
            .Set("default_pool_size", 3)
            .Set("server_check_query", "")
            .Set("metrics_listen", $"127.0.0.1:{listener}")
            .Set("otlp_endpoint", collector.Endpoint)
            .Set("otlp_protocol", protocol)
            .Set("otlp_interval", 1)
            .Database(Database, ("host", PostgresServer.Host), ("port", server.Port), ("dbname", ServerDatabaseOfMyOwn)));
        await using var admin = await pooler.AdminAsync();
        var committed = await CommitsAsync(server);

        var traffics = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => WorkAsync(pooler)));
        var queries = traffics.Sum(one => one.Queries);
        await Eventually.EqualAsync(queries, async () => (await admin.TotalsAsync())["query_count"], "queries by SHOW STATS");
        await admin.DoAsync("PAUSE");

        var stats = await admin.TotalsAsync();
        var fallBacks = (await admin.CountersAsync()).Where(one => one.Key.StartsWith("kernel_escape_", StringComparison.Ordinal)).Sum(one => one.Value);
        var scrape = PrometheusScrape.Parse(await GetAsync(listener, "/metrics"));
        var export = await collector.NextAsync();
        foreach (var metrics in new[] { scrape, export })
        {
            AssertEqual(queries, metrics, MetricNames.Queries);
            AssertEqual(queries, metrics, MetricNames.Transactions);
            AssertEqual(stats["xact_count"], metrics, MetricNames.Transactions);
            AssertEqual(stats["server_assignment_count"], metrics, MetricNames.Assignments);
            AssertEqual(traffics.Sum(one => one.Sent), metrics, MetricNames.Bytes, (MetricLabels.Direction, "receive"));
            AssertEqual(traffics.Sum(one => one.Received), metrics, MetricNames.Bytes, (MetricLabels.Direction, "transmit"));
            AssertEqual(stats["bytes_received"], metrics, MetricNames.Bytes, (MetricLabels.Direction, "receive"));
            AssertEqual(stats["bytes_sent"], metrics, MetricNames.Bytes, (MetricLabels.Direction, "transmit"));
            AssertEqual(stats["xact_time"] / 1e6, metrics, MetricNames.TransactionTime, "_sum");
            AssertEqual(stats["query_time"] / 1e6, metrics, MetricNames.QueryTime, "_sum");
            AssertEqual(stats["wait_time"] / 1e6, metrics, MetricNames.WaitTime, "_sum");
            AssertEqual(queries, metrics, MetricNames.QueryTime, "_count");
            AssertEqual(queries, metrics, MetricNames.QueryTime, "_bucket", ("le", "+Inf"));
            AssertEqual(0, metrics, MetricNames.Clients, (MetricLabels.State, "waiting"));
            AssertEqual(Clients, metrics, MetricNames.Logins, (MetricLabels.Outcome, "succeeded"), (MetricLabels.Method, "trust"));
            AssertEqual(0, metrics, MetricNames.FoldedPools);
            AssertPaths(path, metrics, queries);
            Assert.Equal(fallBacks, metrics.SumOrZero(metrics.NameOf(MetricNames.FallBacks)));
        }

        // Opening a server is a transaction of PostgreSQL's own, and so is each of ours to look.
        var opened = pooler.Log.Lines.Count(line => line.Contains("new connection to server", StringComparison.Ordinal));
        await Eventually.EqualAsync(committed + queries + opened, () => CommitsAsync(server), "transactions by pg_stat_database");
        await admin.DoAsync("RESUME");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Errors_OfOurOwn_AreCountedByClass(DataPath path)
    {
        var (pooler, listener) = await StartWithListenerAsync(path, config => config.Set("auth_type", "scram-sha-256"));
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(Roles.Alice, password: "wrong"));
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(database: "nowhere", password: Roles.PasswordOf(Roles.Superuser)));
        var metrics = PrometheusScrape.Parse(await GetAsync(listener, "/metrics"));
        AssertEqual(1, metrics, MetricNames.Errors, (MetricLabels.Origin, "tigger"), (MetricLabels.SqlStateClass, "28"));
        AssertEqual(1, metrics, MetricNames.Errors, (MetricLabels.Origin, "tigger"), (MetricLabels.SqlStateClass, "3D"));
        AssertEqual(2, metrics, MetricNames.Logins, (MetricLabels.Method, "scram-sha-256"), (MetricLabels.Outcome, "refused"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Errors_OfPostgres_AreCountedByClass(DataPath path)
    {
        var (pooler, listener) = await StartWithListenerAsync(path, _ => { });
        await using var client = await pooler.ClientAsync();
        for (var i = 0; i < 20; i++)
            await client.ScalarAsync("SELECT 1");
        for (var i = 0; i < 5; i++)
            Assert.Contains((await client.QueryAsync("SELECT 1/0")).Messages, message => message.Type == 'E');
        Assert.Contains((await client.QueryAsync("SELECT * FROM nowhere")).Messages, message => message.Type == 'E');
        var metrics = PrometheusScrape.Parse(await GetAsync(listener, "/metrics"));
        AssertEqual(5, metrics, MetricNames.Errors, (MetricLabels.Origin, "postgresql"), (MetricLabels.SqlStateClass, "22"));
        AssertEqual(1, metrics, MetricNames.Errors, (MetricLabels.Origin, "postgresql"), (MetricLabels.SqlStateClass, "42"));
        await using var admin = await pooler.AdminAsync();
        var counters = await admin.CountersAsync();
        Assert.Equal(0, counters.Where(one => one.Key is "kernel_escape_reply" or "kernel_escape_mirror").Sum(one => one.Value));
    }

    /// <summary>Whoever may log in under any name must not fill the memory of the monitoring.</summary>
    [Theory]
    [EachLocalDataPath]
    public async Task Metrics_MorePoolsThanAllowed_ShareOneNameAndAreCounted(DataPath path)
    {
        var (pooler, listener) = await StartWithListenerAsync(path, config => config.Set("metrics_max_pools", 1));
        foreach (var user in new[] { Roles.Superuser, Roles.Alice, Roles.Bob })
        {
            await using var client = await pooler.ClientAsync(user);
            await client.ScalarAsync("SELECT 1");
            await client.ScalarAsync("SELECT 2");
        }

        await using var admin = await pooler.AdminAsync();
        await Eventually.EqualAsync(6, async () => (await admin.TotalsAsync())["query_count"], "queries by SHOW STATS");
        var metrics = PrometheusScrape.Parse(await GetAsync(listener, "/metrics"));
        AssertEqual(6, metrics, MetricNames.Queries);
        Assert.Contains(metrics.SumOrZero(metrics.NameOf(MetricNames.Queries), (MetricLabels.User, "other")), new double[] { 4, 2 });
        AssertEqual(2, metrics, MetricNames.FoldedPools);
        Assert.Equal(2, metrics.Keys.Count(key => key.StartsWith(metrics.NameOf(MetricNames.LongestWait), StringComparison.Ordinal)));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Readyz_WhileDraining_IsFalse(DataPath path)
    {
        var (pooler, listener) = await StartWithListenerAsync(path, _ => { });
        Assert.Equal("ready\n", await GetAsync(listener, "/readyz"));
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        await using var admin = await pooler.AdminAsync();
        _ = await admin.RunAsync("SHUTDOWN WAIT_FOR_CLIENTS");
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{listener}/readyz"), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("ok\n", await GetAsync(listener, "/healthz"));
        await client.QueryAsync("COMMIT");
        await client.CloseAsync();
        await admin.DisposeAsync();
        Assert.Equal(0, await pooler.WaitForExitAsync());
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Metrics_AskedForAsOpenMetrics_EndWithEof(DataPath path)
    {
        var (_, listener) = await StartWithListenerAsync(path, _ => { });
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Accept", "application/openmetrics-text; version=1.0.0");
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{listener}/metrics"), TestContext.Current.CancellationToken);
        Assert.Equal("application/openmetrics-text", answer.Content.Headers.ContentType!.MediaType);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE tigger_client_connections counter\n", text, StringComparison.Ordinal);
        PrometheusScrape.Parse(text);
    }

    /// <summary>Nobody who does not want metrics pays for the libraries.</summary>
    [Theory]
    [EachLocalDataPath]
    public async Task Off_NothingOfTheLibraries_IsLoaded(DataPath path)
    {
        var pooler = await StartAsync(path);
        var mapped = await File.ReadAllTextAsync($"/proc/{pooler.Pid}/maps", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("OpenTelemetry", mapped, StringComparison.Ordinal);
        Assert.DoesNotContain("Kestrel", mapped, StringComparison.Ordinal);
        Assert.DoesNotContain("Npgsql", mapped, StringComparison.Ordinal);
        Assert.DoesNotContain("Spectre", mapped, StringComparison.Ordinal);
    }

    private static async Task<PostgresServer> QuietServerAsync()
    {
        var server = await PostgresServer.StartPrivateAsync();
        await server.ExecuteAsync("ALTER SYSTEM SET autovacuum = off");
        await server.ExecuteAsync("SELECT pg_reload_conf()");
        return server;
    }

    private static Task<long> CommitsAsync(PostgresServer server) => server.ScalarAsync<long>(
        $"SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = '{ServerDatabaseOfMyOwn}'");

    private static async Task<(int Queries, long Sent, long Received)> WorkAsync(TiggerProcess pooler)
    {
        await using var client = await pooler.ClientAsync();
        long sent = 0, received = 0;
        for (var i = 0; i < QueriesEach; i++)
        {
            var request = i % 2 == 0 ? Frontend.Query($"SELECT {i}") : Frontend.Concat(Frontend.Run("SELECT 'a text'"), Frontend.Sync);
            await client.SendAsync(request);
            var reply = (await client.ReadReplyAsync()).Succeeded();
            sent += request.Length;
            received += reply.Messages.Sum(message => message.Payload.Length + 5);
        }

        return (QueriesEach, sent, received);
    }

    private static void AssertPaths(DataPath path, MetricSet metrics, int queries)
    {
        var user = metrics.Sum(metrics.NameOf(MetricNames.Queries), (MetricLabels.DataPath, "user"));
        if (path == DataPath.User)
        {
            Assert.Equal(queries, user);
            return;
        }

        Assert.InRange(user, 0, queries / 2);
        AssertEqual(1, metrics, MetricNames.OnKernelPath);
    }

    private static void AssertEqual(double expected, MetricSet metrics, MetricDefinition metric, params (string Name, string Value)[] labels) =>
        AssertEqual(expected, metrics, metric, "", labels);

    private static void AssertEqual(double expected, MetricSet metrics, MetricDefinition metric, string suffix, params (string Name, string Value)[] labels)
    {
        var name = metrics.NameOf(metric) + suffix;
        Assert.Equal((name, Math.Round(expected, 6)), (name, Math.Round(metrics.Sum(name, labels), 6)));
    }

    private async Task<(TiggerProcess Pooler, int Listener)> StartWithListenerAsync(DataPath path, Action<TiggerConfigBuilder> configure)
    {
        var listener = FreePort.Next();
        return (await StartAsync(path, config => configure(config.Set("metrics_listen", $"127.0.0.1:{listener}"))), listener);
    }

    private static async Task<string> GetAsync(int port, string path)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}{path}"), TestContext.Current.CancellationToken);
    }
}
