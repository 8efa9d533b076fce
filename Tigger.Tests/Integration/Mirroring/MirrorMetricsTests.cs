using Tigger.Telemetry.Metrics;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Mirroring;

/// <summary>What metrics say of mirrors is what SHOW MIRRORS says.</summary>
public sealed class MirrorMetricsTests(PostgresServer postgres) : MirrorTest(postgres)
{
    private const int Fitting = 20, TooMany = 60;

    [Theory]
    [EachLocalDataPath]
    public async Task Metrics_of_a_mirror_are_those_of_the_console(DataPath path)
    {
        await using var other = await PostgresServer.StartPrivateAsync();
        await OnBothAsync(other, "CREATE TABLE log (n int PRIMARY KEY, filler text)");
        await other.ExecuteAsync("CREATE TABLE there (n int)");
        var listener = FreePort.Next();
        var pooler = await StartAsync(path, config => SetMirrors(
            config.Set("metrics_listen", $"127.0.0.1:{listener}"),
            Mirror("postgres", other.Port, ("queue_bytes", "64KiB")),
            Mirror("postgres", other.Port, ("name", "reads"), ("statements", "reads"))));
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        for (var n = 0; n < Fitting; n++)
            await WriteAsync(client, n);
        await SettledAsync(console);
        await client.QueryAsync("SELECT count(*) FROM there");
        await client.QueryAsync("SELECT 1 / 0");
        await client.QueryAsync("INSERT INTO log VALUES (0, 'again')");
        await SettledAsync(console);
        await AssertSameAsync(console, listener);
        Assert.Equal(0, Number(await CountsAsync(console), "lag_us"));

        other.Freeze();
        for (var n = Fitting; n < Fitting + TooMany; n++)
            await WriteAsync(client, n);
        var counts = await AssertSameAsync(console, listener);
        Assert.InRange(Number(counts, "queue_full"), 1, TooMany);
        Assert.InRange(Number(counts, "queued"), 1, TooMany);
        Assert.InRange(Number(counts, "lag_us"), 1, long.MaxValue);
        other.Thaw();
        await SettledAsync(console);
        await SettledAsync(console, "reads");
        counts = await AssertSameAsync(console, listener);
        Assert.Equal(1, Number(counts, "mirror_failed") + Number(counts, "primary_failed"));
        Assert.Equal(2, Number(counts, "same_error"));
    }

    /// <summary>Everything stands still but the lag, which grows while something is queued.</summary>
    private static async Task<IReadOnlyDictionary<string, string?>> AssertSameAsync(AdminConsole console, int listener)
    {
        // What the kernel copied last may not have been read, and a reading is as old as the one before it.
        var before = await console.ShowAsync("MIRRORS");
        await Eventually.TrueAsync(
            async () =>
            {
                var last = before;
                await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
                before = await console.ShowAsync("MIRRORS");
                return last.Zip(before).All(pair => pair.First["sent"] == pair.Second["sent"] && pair.First["mirrored"] == pair.Second["mirrored"]);
            },
            "the mirrors are quiet");
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri($"http://127.0.0.1:{listener}/metrics"), TestContext.Current.CancellationToken);
        var metrics = PrometheusScrape.Parse(text);
        foreach (var row in before)
        {
            (string, string)[] labels = [(MetricLabels.Database, Database), (MetricLabels.Mirror, row["mirror"]!)];
            AssertEqual("sent", MetricNames.MirrorSent);
            AssertEqual("skipped", MetricNames.MirrorSkipped);
            AssertEqual("queued", MetricNames.MirrorQueued);
            AssertEqual("queued_bytes", MetricNames.MirrorQueueBytes);
            AssertEqual("queue_bytes", MetricNames.MirrorQueueLimit);
            AssertEqual("connections", MetricNames.MirrorConnections);
            AssertEqual("dropped", MetricNames.MirrorDropped);
            AssertEqual("mirrored", MetricNames.Mirrored);
            foreach (var reason in DropReasons)
                AssertEqual(reason, MetricNames.MirrorDropped, (MetricLabels.Reason, reason));
            foreach (var outcome in Outcomes)
                AssertEqual(outcome, MetricNames.Mirrored, (MetricLabels.Outcome, outcome));
            Assert.Equal(1, metrics.Sum(metrics.NameOf(MetricNames.MirrorUp), labels));
            Assert.Equal(Number(row, "mirrored"), metrics.Sum($"{metrics.NameOf(MetricNames.MirrorTime)}_count", labels));
            Assert.Equal(Number(row, "mirrored"), metrics.Sum($"{metrics.NameOf(MetricNames.MirroredPrimaryTime)}_count", labels));
            Assert.Equal(Number(row, "mirrored") > 0, metrics.Sum($"{metrics.NameOf(MetricNames.MirrorTime)}_sum", labels) > 0);
            var lag = metrics.Sum(metrics.NameOf(MetricNames.MirrorLag), labels);
            Assert.True(Number(row, "queued") == 0 ? lag == 0 : lag >= Number(row, "lag_us") / 1e6, $"{lag} s, {row["lag_us"]} us before");

            void AssertEqual(string column, MetricDefinition metric, params (string, string)[] more) =>
                Assert.Equal((column, (double)Number(row, column)), (column, metrics.Sum(metrics.NameOf(metric), [.. labels, .. more])));
        }

        return before.Single(row => row["mirror"] == Name);
    }

    private static async Task WriteAsync(RawClient client, int n) =>
        (await client.QueryAsync($"INSERT INTO log VALUES ({n}, '{new string('x', 3000)}')")).Succeeded();

    private async Task OnBothAsync(PostgresServer other, string sql)
    {
        await Postgres.ExecuteAsync(sql, ServerDatabase);
        await other.ExecuteAsync(sql);
    }
}
