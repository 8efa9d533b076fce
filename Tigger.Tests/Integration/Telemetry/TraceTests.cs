using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Telemetry;

/// <summary>Spans of transactions, as a collector gets them.</summary>
public sealed class TraceTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const int Count = 20;
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c", SpanId = "b7ad6b7169203331";

    [Theory]
    [EachLocalDataPath("http")]
    [EachLocalDataPath("grpc")]
    public async Task Transactions_become_spans(DataPath path, string protocol)
    {
        await using var collector = await OtlpCollector.StartAsync(protocol == "grpc");
        var pooler = await StartTracedAsync(path, collector, protocol, 1);
        await using var client = await pooler.ClientAsync();
        for (var i = 0; i < Count; i++)
            await client.ScalarAsync("SELECT n FROM generate_series(1, 3) AS secret(n)");
        await client.QueryAsync("BEGIN");
        await client.QueryAsync("SELECT 1/0");
        await client.QueryAsync("ROLLBACK");

        var spans = await SpansAsync(collector, Count + 1);
        Assert.Equal(Count + 1, spans.Select(span => span.TraceId).Distinct().Count());
        foreach (var span in spans)
        {
            Assert.Equal("postgresql", span["db.system.name"]);
            Assert.Equal(ServerDatabase, span["db.namespace"]);
            Assert.Equal(Topology.Of(path).ServerHost, span["server.address"]);
            Assert.Equal($"{Postgres.Port}", span["server.port"]);
            Assert.Equal($"{Database}/{Roles.Superuser}", span["db.client.connection.pool.name"]);
            Assert.Equal(("", 3), (span.ParentId, span.Kind));
            Assert.True(span.Start <= span.End && span.End - span.Start < TimeSpan.FromMinutes(1), $"{span.Start} to {span.End}");
            Assert.InRange(span.Start, DateTime.UtcNow.AddMinutes(-10), DateTime.UtcNow);
        }

        Assert.Equal(path != DataPath.User, spans.Any(span => span["tigger.data_path"] == "kernel"));
        var failed = Assert.Single(spans, span => span.IsError);
        Assert.Equal(($"BEGIN {ServerDatabase}", "22012", "22012"), (failed.Name, failed["error.type"], failed["db.response.status_code"]));
        Assert.All(spans.Where(span => span != failed), span => Assert.Equal(
            ($"SELECT {ServerDatabase}", "SELECT", "3"), (span.Name, span["db.operation.name"], span["db.response.returned_rows"])));
        Assert.DoesNotContain(spans, span => span.Attributes.Values.Any(value => value.Contains("secret", StringComparison.Ordinal)));
    }

    /// <summary>The application has decided which of its traces are kept, and Tigger's share is of the rest.</summary>
    [Theory]
    [EachLocalDataPath]
    public async Task Traceparent_of_a_statement_is_followed(DataPath path)
    {
        await using var collector = await OtlpCollector.StartAsync(grpc: false);
        var pooler = await StartTracedAsync(path, collector, "http", 0.0000000001, ("trace_statements", true));
        await using var client = await pooler.ClientAsync();
        for (var i = 0; i < Count; i++)
        {
            await client.ScalarAsync($"/*action='buy',traceparent='00-{TraceId}-{SpanId}-01'*/ SELECT 'secret {i}'");
            await client.ScalarAsync($"/*traceparent='00-{TraceId}-{SpanId}-00'*/ SELECT 'not sampled {i}'");
            await client.ScalarAsync($"SELECT 'not told {i}'");
        }

        await client.ScalarAsync($"SELECT 2 /*traceparent='00-{TraceId}-{SpanId}-01',tracestate='congo%3Dt61rcWkgMzE'*/;");
        var spans = await SpansAsync(collector, Count + 1);
        Assert.All(spans, span => Assert.Equal((TraceId, SpanId), (span.TraceId, span.ParentId)));
        Assert.Equal(["select ?"], spans.Select(span => span["db.query.text"]).Distinct());
        Assert.Equal("congo=t61rcWkgMzE", Assert.Single(spans, span => span.TraceState.Length > 0).TraceState);
        await using var admin = await pooler.AdminAsync();
        Assert.Equal(0, (await admin.CountersAsync())["trace_lost"]);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Without_trace_sample_there_is_none(DataPath path)
    {
        await using var collector = await OtlpCollector.StartAsync(grpc: false);
        var pooler = await StartTracedAsync(path, collector, "http", 0);
        await using var client = await pooler.ClientAsync();
        await client.ScalarAsync($"/*traceparent='00-{TraceId}-{SpanId}-01'*/ SELECT 1");
        await collector.NextAsync();
        Assert.Empty(collector.Spans);
    }

    private Task<TiggerProcess> StartTracedAsync(
        DataPath path, OtlpCollector collector, string protocol, double sample, params (string Key, object Value)[] settings) =>
        StartAsync(path, config => config
            .Set("otlp_endpoint", collector.Endpoint)
            .Set("otlp_protocol", protocol)
            .Set("otlp_interval", 1)
            .Database(Database, [("trace_sample", sample), .. settings]));

    private static async Task<IReadOnlyList<OtlpSpan>> SpansAsync(OtlpCollector collector, int count)
    {
        await Eventually.TrueAsync(() => collector.Spans.Count >= count, $"{count} spans", TimeSpan.FromSeconds(60));

        // Whatever else there is would have come with another export.
        await collector.NextAsync();
        Assert.Equal(count, collector.Spans.Count);
        return [.. collector.Spans];
    }
}
