using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Mirroring;

/// <summary>The session that a client's transaction meets on a mirror is not another client's.</summary>
public sealed class MirrorSessionTests(PostgresServer postgres) : MirrorTest(postgres)
{
    [Theory]
    [EachLocalDataPath("SET statement_timeout = 12345")]
    [EachLocalDataPath("SET statement_timeout = 12345; SELECT 1")]
    [EachLocalDataPath("LISTEN mine")]
    [EachLocalDataPath("SELECT pg_advisory_lock(7)")]
    public async Task What_a_client_leaves_is_not_met_by_another(DataPath path, string command)
    {
        var (mirror, pooler) = await StartAsync(path);
        await using var console = await pooler.AdminAsync();
        await using var first = await pooler.ClientAsync();
        await using var second = await pooler.ClientAsync();
        await first.QueryAsync(command);
        await second.SendAsync(Frontend.Concat(Frontend.Parse("INSERT INTO log SELECT 'named', $1::text", "insert"), Frontend.Sync));
        (await second.ReadReplyAsync()).Succeeded();
        await LookAsync(second);
        await second.SendAsync(Frontend.Concat(Frontend.Bind("insert", values: "one"), Frontend.Execute(), Frontend.Sync));
        (await second.ReadReplyAsync()).Succeeded();

        // The reset takes named statements along; they come back.
        await first.QueryAsync(command);
        await second.SendAsync(Frontend.Concat(Frontend.Bind("insert", values: "two"), Frontend.Execute(), Frontend.Sync));
        (await second.ReadReplyAsync()).Succeeded();
        await LookAsync(second);
        var counts = await SettledAsync(console);
        Assert.Equal(Number(counts, "sent"), Number(counts, "both_ok") + Number(counts, "primary_failed"));
        Assert.Equal("0 0 0 0", await Postgres.ScalarAsync<string>("SELECT string_agg(DISTINCT what, ',') FROM log WHERE kind = 'session'", mirror));
        Assert.Equal("one,two", await Postgres.ScalarAsync<string>("SELECT string_agg(what, ',' ORDER BY what) FROM log WHERE kind = 'named'", mirror));
    }

    /// <summary>A reset is a round trip and takes prepared statements along: not for what ends with the transaction.</summary>
    [Theory]
    [EachLocalDataPath("SET LOCAL statement_timeout = 12345")]
    [EachLocalDataPath("SELECT pg_advisory_xact_lock(7)")]
    public async Task What_ends_with_the_transaction_costs_no_reset(DataPath path, string command)
    {
        var (mirror, pooler) = await StartAsync(path);
        await using var console = await pooler.AdminAsync();
        await using var first = await pooler.ClientAsync();
        await using var second = await pooler.ClientAsync();

        // Of a set_config() the reply does not say that it lasts: it tells whether there was a reset.
        await first.QueryAsync("SELECT set_config('my.trace', 'there', false)");
        await first.QueryAsync("BEGIN");
        await first.QueryAsync(command);
        await first.QueryAsync("COMMIT");
        await second.QueryAsync("INSERT INTO log SELECT 'trace', current_setting('my.trace', true)");
        await SettledAsync(console);
        Assert.Equal("there", await Postgres.ScalarAsync<string>("SELECT what FROM log", mirror));
    }

    /// <summary>A reply's buffer of PostgreSQL's is 8 KiB: the parameter's report comes to lie before, across and behind its end.</summary>
    [Theory]
    [EachLocalDataPath]
    public async Task Parameter_reported_anywhere_in_a_long_reply_is_noticed(DataPath path)
    {
        const int Shortest = 8080, Longest = 8200;
        var (mirror, pooler) = await StartAsync(path);
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        for (var length = Shortest; length < Longest; length++)
            (await client.QueryAsync($"SELECT repeat('x', {length}); SET timezone TO '{(length % 2 == 0 ? "Asia/Tokyo" : "UTC")}'")).Succeeded();
        await client.QueryAsync("INSERT INTO log SELECT 'zone', current_setting('timezone')");
        var counts = await SettledAsync(console);
        Assert.Equal(Number(counts, "sent"), Number(counts, "both_ok"));
        Assert.Equal("UTC", await Postgres.ScalarAsync<string>("SELECT what FROM log", mirror));
    }

    /// <summary>What has been cancelled on the primary goes on to its end on the mirror, which knows of transactions only.</summary>
    [Theory]
    [EachLocalDataPath]
    public async Task Logins_cancel_requests_and_the_console_are_not_mirrored(DataPath path)
    {
        var (mirror, pooler) = await StartAsync(path);
        await Postgres.ExecuteAsync("CREATE VIEW work AS SELECT 1 AS a FROM pg_sleep(100)", ServerDatabase);
        await Postgres.ExecuteAsync("CREATE VIEW work AS SELECT 2 AS a", mirror);
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await client.SendAsync(Frontend.Query("INSERT INTO log SELECT 'work', a::text FROM work"));
        await Eventually.TrueAsync(
            () => Postgres.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = '{ServerDatabase}' AND wait_event = 'PgSleep')"),
            "the primary is at work");
        await pooler.CancelAsync(client.Pid, client.Secret);
        Assert.Equal("57014", (await client.ReadReplyAsync()).SqlState);
        var counts = await SettledAsync(console);
        Assert.Equal((1L, 1L), (Number(counts, "sent"), Number(counts, "primary_failed")));
        Assert.Equal("2", await Postgres.ScalarAsync<string>("SELECT what FROM log", mirror));
    }

    /// <summary>One connection to the mirror, and one server, so that all clients meet there.</summary>
    private async Task<(string Mirror, TiggerProcess Pooler)> StartAsync(DataPath path)
    {
        var mirror = await CreateMirrorAsync();
        await OnBothAsync(mirror, "CREATE TABLE log (kind text, what text)");
        return (mirror, await StartAsync(path, config => SetMirrors(config, Mirror(mirror, ("pool_size", 1))).Set("default_pool_size", 1)));
    }

    private static Task<QueryReply> LookAsync(RawClient client) => client.QueryAsync(
        """
        INSERT INTO log SELECT 'session', concat_ws(' ', current_setting('statement_timeout'),
            (SELECT count(*) FROM pg_prepared_statements WHERE from_sql), (SELECT count(*) FROM pg_listening_channels()),
            (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()))
        """);
}
