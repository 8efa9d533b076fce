using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Mirroring;

/// <summary>A mirror that is stopped, killed, slow or full: the primary's clients do not notice, and every transaction is accounted for.</summary>
public sealed class MirrorFaultTests(PostgresServer postgres) : MirrorTest(postgres)
{
    private const int Batch = 200;
    private const string Table = "CREATE TABLE log (client int, n int, filler text, id bigserial, PRIMARY KEY (client, n))";

    [Theory]
    [EachLocalDataPath]
    public async Task Stopped_mirror_fills_its_queue_and_goes_on_where_it_can(DataPath path)
    {
        await using var other = await PostgresServer.StartPrivateAsync();
        await PrepareAsync(other);
        const int QueueBytes = 256 * 1024;
        var pooler = await StartMirroredAsync(path, Mirror("postgres", other.Port, ("queue_bytes", QueueBytes)));
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await WriteAsync(client, 0, Batch);
        await SettledAsync(console);

        other.Freeze();
        await WriteAsync(client, Batch, Batch, filler: 4000);
        var counts = await CountsAsync(console);
        Assert.InRange(Number(counts, "queued_bytes"), 1, QueueBytes);
        Assert.InRange(Number(counts, "queue_full"), 1, Batch);
        other.Thaw();
        await SettledAsync(console);

        await WriteAsync(client, 2 * Batch, Batch);
        counts = await SettledAsync(console);
        Assert.Equal(3 * Batch, Number(counts, "sent"));
        Assert.Equal(Number(counts, "dropped"), Number(counts, "queue_full"));
        await AssertOrderedAsync(other, Number(counts, "mirrored"), from: 2 * Batch, Batch);
    }

    /// <summary>Far more than the queue goes by while nobody takes anything out of it.</summary>
    [Theory]
    [EachLocalDataPath]
    [Trait(Soak.Trait, Soak.Yes)]
    public async Task Stopped_mirror_costs_no_more_memory_than_its_queue(DataPath path)
    {
        const int Mebibyte = 1024 * 1024, QueueBytes = Mebibyte, Noise = 48 * Mebibyte, Filler = 48 * 1024;
        var volume = Soak.Choose(usual: 72L, soak: 2048L) * Mebibyte;
        await using var other = await PostgresServer.StartPrivateAsync();
        var pooler = await StartMirroredAsync(path, Mirror("postgres", other.Port, ("queue_bytes", QueueBytes)));
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        var query = Frontend.Query($"SELECT length('{new string('x', Filler)}')");
        await AskAsync(2 * QueueBytes);
        await SettledAsync(console);
        other.Freeze();
        await AskAsync(8 * QueueBytes);
        var before = pooler.ResidentBytes();
        await AskAsync(volume);
        Assert.InRange(Number(await CountsAsync(console), "queued_bytes"), 1, QueueBytes);
        Assert.InRange(pooler.ResidentBytes() - before, long.MinValue, Noise);
        other.Thaw();
        var counts = await SettledAsync(console);
        Assert.Equal(Number(counts, "dropped"), Number(counts, "queue_full"));

        async Task AskAsync(long bytes)
        {
            for (var sent = 0L; sent < bytes; sent += query.Length)
            {
                await client.SendAsync(query);
                (await client.ReadReplyAsync()).Succeeded();
            }
        }
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Killed_mirror_is_reached_again_between_two_transactions(DataPath path)
    {
        await using var other = await PostgresServer.StartPrivateAsync();
        await PrepareAsync(other);
        var pooler = await StartAsync(SetMirrors(NewConfig(path), Mirror("postgres", other.Port)).Set("server_login_retry", 0.2));
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await WriteAsync(client, 0, Batch);
        await SettledAsync(console);

        // With synchronous_commit off, what was committed last would be lost with it.
        await other.ExecuteAsync("CHECKPOINT");
        await other.Kill9Async();
        await WriteAsync(client, Batch, Batch);
        var down = await SettledAsync(console);
        Assert.Equal(Batch, Number(down, "mirror_down"));
        Assert.NotEqual("ok", down["state"]);

        await other.StartAsync();
        var n = 2 * Batch;
        await Eventually.TrueAsync(
            async () =>
            {
                await WriteAsync(client, n++, 1);
                return Number(await SettledAsync(console), "mirrored") > Number(down, "mirrored");
            },
            "the mirror is reached again");
        await WriteAsync(client, n, Batch);
        var counts = await SettledAsync(console);
        Assert.Equal("ok", counts["state"]);
        Assert.Equal(n + Batch, Number(counts, "sent"));
        await AssertOrderedAsync(other, Number(counts, "mirrored"), from: n, Batch);
    }

    /// <summary>A Parse that was dropped is no loss: what is used when there is room again means what it means on the primary.</summary>
    [Theory]
    [EachLocalDataPath]
    public async Task Statement_prepared_while_nothing_fits_is_known_when_something_does(DataPath path)
    {
        const int Filling = 40;
        await using var other = await PostgresServer.StartPrivateAsync();
        await PrepareAsync(other);
        var pooler = await StartMirroredAsync(path, Mirror("postgres", other.Port, ("queue_bytes", "64KiB")));
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await PrepareInsertAsync(client, number: 1);
        await InsertAsync(client, 0);
        await SettledAsync(console);

        other.Freeze();
        await WriteAsync(client, 1, Filling, filler: 3000);
        await client.SendAsync(Frontend.Concat(Frontend.CloseStatement("insert"), Frontend.Sync));
        (await client.ReadReplyAsync()).Succeeded();
        await PrepareInsertAsync(client, number: 2);
        await InsertAsync(client, 1);
        Assert.InRange(Number(await CountsAsync(console), "queue_full"), 3, Filling + 3);
        other.Thaw();
        await SettledAsync(console);

        await InsertAsync(client, 2);
        var counts = await SettledAsync(console);
        Assert.Equal(Number(counts, "dropped"), Number(counts, "queue_full"));
        Assert.Equal(Number(counts, "mirrored"), Number(counts, "both_ok"));
        Assert.Equal("1 0,2 2", await other.ScalarAsync<string>("SELECT string_agg(client || ' ' || n, ',' ORDER BY client) FROM log WHERE client > 0"));

        static async Task PrepareInsertAsync(RawClient client, int number)
        {
            await client.SendAsync(Frontend.Concat(Frontend.Parse($"INSERT INTO log VALUES ({number}, $1)", "insert"), Frontend.Sync));
            (await client.ReadReplyAsync()).Succeeded();
        }

        static async Task InsertAsync(RawClient client, int n)
        {
            await client.SendAsync(Frontend.Concat(Frontend.Bind("insert", values: $"{n}"), Frontend.Execute(), Frontend.Sync));
            (await client.ReadReplyAsync()).Succeeded();
        }
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Slow_mirror_takes_what_it_can_and_the_rest_is_dropped(DataPath path)
    {
        var mirror = await CreateMirrorAsync();
        await Postgres.ExecuteAsync(Table, ServerDatabase);
        await Postgres.ExecuteAsync(Table, mirror);
        await Postgres.ExecuteAsync(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END';"
            + "CREATE TRIGGER slow BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION slow()",
            mirror);
        var pooler = await StartMirroredAsync(path, Mirror(mirror, ("queue_bytes", "64KiB")));
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await WriteAsync(client, 0, 2 * Batch, filler: 2000);
        var counts = await SettledAsync(console);
        Assert.InRange(Number(counts, "queue_full"), 1, 2 * Batch);
        Assert.Equal(2 * Batch, Number(counts, "sent"));
        Assert.Equal(Number(counts, "mirrored"), await Postgres.ScalarAsync<long>("SELECT count(*) FROM log", mirror));
        Assert.True(Number(counts, "mirror_p50_us") > 20_000, $"median {counts["mirror_p50_us"]}");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Transaction_larger_than_the_queue_is_dropped_whole(DataPath path)
    {
        var mirror = await CreateMirrorAsync();
        await OnBothAsync(mirror, Table);
        var pooler = await StartMirroredAsync(path, Mirror(mirror, ("queue_bytes", "64KiB")));
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        await WriteAsync(client, 0, 1);
        await WriteAsync(client, 1, 1, filler: 100_000);
        await WriteAsync(client, 2, 1);
        await client.QueryAsync("COMMIT");
        await WriteAsync(client, 3, 1);
        var counts = await SettledAsync(console);
        Assert.Equal(1, Number(counts, "too_long"));
        Assert.Equal(2, Number(counts, "sent"));
        Assert.Equal(3, await Postgres.ScalarAsync<int>("SELECT min(n) FROM log", mirror));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Differences_are_counted_and_shown_without_their_values(DataPath path)
    {
        var mirror = await CreateMirrorAsync();
        await Postgres.ExecuteAsync("CREATE TABLE here (a int, b text)", ServerDatabase);
        await Postgres.ExecuteAsync("CREATE TABLE there (a int, b text)", mirror);
        var pooler = await StartMirroredAsync(path, Mirror(mirror));
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("INSERT INTO here VALUES (1, 'secret')");
        await client.ExtendedAsync("INSERT INTO there VALUES (2, 'secret')");
        await client.QueryAsync("SELECT 1 / (SELECT count(*) FROM here WHERE a = 99)");
        await client.QueryAsync("SELECT 1 / 0");
        await client.QueryAsync("SELECT 1");
        var counts = await SettledAsync(console);
        Assert.Equal(1, Number(counts, "mirror_failed"));
        Assert.Equal(1, Number(counts, "primary_failed"));
        Assert.Equal(1, Number(counts, "codes_differ"));
        Assert.Equal(1, Number(counts, "same_error"));
        Assert.Equal(1, Number(counts, "both_ok"));
        var errors = await console.ShowAsync("MIRROR_ERRORS");
        Assert.Equal(3, errors.Count);
        var insert = errors.Single(row => row["mirror_sqlstate"] == "42P01" && row["primary_sqlstate"] == "");
        Assert.Equal("insert into here values(?)", insert["statements"]!.Replace("s (", "s(", StringComparison.Ordinal));
        Assert.DoesNotContain(errors, row => row["statements"]!.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Client_of_session_pooling_without_a_connection_left_is_counted(DataPath path)
    {
        var mirror = await CreateMirrorAsync();
        await OnBothAsync(mirror, Table);
        var config = SetMirrors(NewConfig(path), Mirror(mirror, ("pool_size", 1))).Set("pool_mode", "session");
        var pooler = await StartAsync(config);
        await using var console = await pooler.AdminAsync();
        var first = await pooler.ClientAsync();
        await first.QueryAsync("SET search_path = pg_catalog, public");
        await first.QueryAsync("CREATE TEMP TABLE mine AS SELECT 7 AS x");
        await SettledAsync(console);
        await using var second = await pooler.ClientAsync();
        await WriteAsync(second, 0, 1);
        var counts = await SettledAsync(console);
        Assert.Equal(1, Number(counts, "no_server"));
        await first.QueryAsync("INSERT INTO log SELECT 1, x FROM mine");
        await SettledAsync(console);
        Assert.Equal(7, await Postgres.ScalarAsync<int>("SELECT n FROM log", mirror));

        await first.CloseAsync();
        await Eventually.TrueAsync(async () => Number(await CountsAsync(console), "connections") == 0, "its connection is closed");
        await WriteAsync(second, 1, 1);
        Assert.Equal(1, Number(await SettledAsync(console), "no_server"));
        Assert.Equal(2, await Postgres.ScalarAsync<long>("SELECT count(*) FROM log", mirror));
    }

    private async Task PrepareAsync(PostgresServer other)
    {
        await Postgres.ExecuteAsync(Table, ServerDatabase);
        await other.ExecuteAsync(Table);
    }

    private static async Task WriteAsync(RawClient client, int from, int count, int filler = 1)
    {
        for (var n = from; n < from + count; n++)
            (await client.QueryAsync($"INSERT INTO log VALUES (0, {n}, repeat('x', 1) || '{new string('y', filler)}')")).Succeeded();
    }

    /// <summary>Everything that counts as mirrored is there, once, in order, and nothing is missing of the last part.</summary>
    private static async Task AssertOrderedAsync(PostgresServer other, long mirrored, int from, int count)
    {
        Assert.Equal(mirrored, await other.ScalarAsync<long>("SELECT count(*) FROM log"));
        Assert.Equal(count, await other.ScalarAsync<long>($"SELECT count(*) FROM log WHERE n >= {from}"));
        Assert.True(await other.ScalarAsync<bool>("SELECT coalesce(bool_and(ordered), true) FROM (SELECT n > lag(n) OVER (ORDER BY id) AS ordered FROM log) l"));
    }
}
