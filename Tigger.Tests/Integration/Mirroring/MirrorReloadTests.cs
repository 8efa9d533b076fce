using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Mirroring;

/// <summary>Several mirrors, and mirrors that come, change and go while clients work.</summary>
public sealed class MirrorReloadTests(PostgresServer postgres) : MirrorTest(postgres)
{
    private const string Table = "CREATE TABLE log (client int, n int, id bigserial, PRIMARY KEY (client, n))";

    [Theory]
    [EachLocalDataPath]
    public async Task Mirrors_come_and_go_under_load(DataPath path)
    {
        var mirror = await CreateMirrorAsync();
        var second = await CreateMirrorAsync();
        await OnBothAsync(mirror, Table);
        await Postgres.ExecuteAsync(Table, second);
        var pooler = await StartAsync(path);
        await using var console = await pooler.AdminAsync();
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(number => WriteAsync(pooler, number, stop.Token)).ToList();

        await ReloadAsync(pooler, Mirror(mirror));
        await Eventually.TrueAsync(async () => Number(await CountsAsync(console), "mirrored") > 50, "sessions that were there are mirrored");
        await ReloadAsync(pooler, Mirror(mirror), Mirror(second, ("name", "second")));
        await Eventually.TrueAsync(async () => Number(await CountsAsync(console, "second"), "mirrored") > 50, "a second one");
        await ReloadAsync(pooler, Mirror(mirror, ("queue_bytes", "8MiB")), Mirror(second, ("name", "second")));
        var changed = Number(await CountsAsync(console), "mirrored");
        await Eventually.TrueAsync(async () => Number(await CountsAsync(console), "mirrored") > changed + 50, "the changed one goes on, and so does its count");
        await ReloadAsync(pooler, Mirror(second, ("name", "second")));
        Assert.DoesNotContain(await console.ShowAsync("MIRRORS"), row => row["mirror"] == Name);
        var gone = Number(await CountsAsync(console, "second"), "mirrored");
        await Eventually.TrueAsync(async () => Number(await CountsAsync(console, "second"), "mirrored") > gone + 50, "the other goes on");

        await stop.CancelAsync();
        var written = await Task.WhenAll(writers);
        await SettledAsync(console, "second");
        Assert.Equal(written.Sum(), await Postgres.ScalarAsync<long>("SELECT count(*) FROM log", ServerDatabase));
        foreach (var database in new[] { mirror, second })
            Assert.True(await Postgres.ScalarAsync<bool>("SELECT bool_and(ordered) FROM (SELECT n > lag(n) OVER (PARTITION BY client ORDER BY id) AS ordered FROM log) l", database));

        // From the first that is there on, nothing is missing.
        Assert.True(await Postgres.ScalarAsync<bool>("SELECT bool_and(c = hi - lo + 1) FROM (SELECT count(*) AS c, min(n) AS lo, max(n) AS hi FROM log GROUP BY client) l", second));
        await Eventually.EqualAsync(0L, () => Postgres.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE datname = '{mirror}'"), "connections to the mirror that is gone");
        Assert.False(pooler.Log.Contains("database configuration changed"), "the primary's servers have nothing to do with mirrors");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Each_mirror_has_what_it_asks_for(DataPath path)
    {
        var mirror = await CreateMirrorAsync();
        var reads = await CreateMirrorAsync();
        var writes = await CreateMirrorAsync();
        await OnBothAsync(mirror, Table);
        await Postgres.ExecuteAsync(Table, writes);
        await Postgres.ExecuteAsync(Table, reads);
        var pooler = await StartMirroredAsync(
            path,
            Mirror(mirror),
            Mirror(reads, ("name", "reads"), ("statements", "reads")),
            Mirror(writes, ("name", "writes"), ("statements", "writes")),
            Mirror(writes, ("name", "nobody"), ("fraction", 0)));
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync(parameters: [("application_name", "shop"), ("timezone", "Asia/Tokyo")]);
        await client.QueryAsync("INSERT INTO log VALUES (1, 1)");
        await client.QueryAsync("SELECT * FROM log");
        await client.QueryAsync("BEGIN");
        await client.QueryAsync("SELECT * FROM log");
        await client.QueryAsync("INSERT INTO log SELECT 2, count(*) FROM pg_stat_activity WHERE application_name = 'shop' AND current_setting('TimeZone') = 'Asia/Tokyo' AND pid = pg_backend_pid()");
        await client.QueryAsync("COMMIT");
        Assert.Equal(3, Number(await SettledAsync(console), "both_ok"));
        Assert.Equal(2, Number(await SettledAsync(console, "reads"), "skipped"));
        Assert.Equal(2, Number(await SettledAsync(console, "writes"), "mirrored"));
        Assert.Equal(0, Number(await SettledAsync(console, "nobody"), "sent"));
        await AssertSameAsync(mirror, "client, n", "log");
        await AssertSameAsync(writes, "client, n", "log");
        Assert.Equal(0, await Postgres.ScalarAsync<long>("SELECT count(*) FROM log", reads));
    }

    private static async Task ReloadAsync(TiggerProcess pooler, params (string Key, object Value)[][] mirrors)
    {
        SetMirrors(pooler.Config, mirrors);
        (await pooler.ReloadAsync()).Succeeded();
    }

    private static async Task<long> WriteAsync(TiggerProcess pooler, int number, CancellationToken stop)
    {
        await using var client = await pooler.ClientAsync();
        await client.SendAsync(Frontend.Concat(Frontend.Parse($"INSERT INTO log VALUES ({number}, $1)", "insert"), Frontend.Sync));
        await client.ReadReplyAsync();
        var n = 0;
        while (!stop.IsCancellationRequested)
        {
            await client.SendAsync(Frontend.Concat(Frontend.Bind("insert", values: $"{n++}"), Frontend.Execute(), Frontend.Sync));
            (await client.ReadReplyAsync()).Succeeded();
        }

        return n;
    }
}
