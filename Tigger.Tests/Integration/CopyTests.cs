using System.Text;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>COPY in both directions, ended well and badly.</summary>
public sealed class CopyTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachDataPath]
    public async Task Copy_in_and_out_answer_as_direct(DataPath path)
    {
        var client = await StartWithTableAsync(path);
        await AssertLikeDirectAsync(
            client, 4,
            Frontend.Query("BEGIN"),
            Frontend.Query("COPY t FROM STDIN"), Data("1\n2\n"), Data("3\n"), Frontend.CopyDone,
            Frontend.Query("COPY t TO STDOUT"),
            Frontend.Query("ROLLBACK"));
    }

    [Theory]
    [EachDataPath]
    public async Task Copy_fail_ends_the_copy_and_nothing_else(DataPath path)
    {
        var client = await StartWithTableAsync(path);
        await AssertLikeDirectAsync(
            client, 2,
            Frontend.Query("COPY t FROM STDIN"), Data("1\n"), Frontend.CopyFail("changed my mind"), Frontend.Query("SELECT count(*) FROM t"));
    }

    [Theory]
    [EachDataPath]
    public async Task Data_after_a_server_error_is_dropped(DataPath path)
    {
        // The server answers the second row with an error and ReadyForQuery; the rest arrives when nothing is linked.
        var client = await StartWithTableAsync(path);
        await client.SendAsync(Frontend.Concat(Frontend.Query("COPY t FROM STDIN"), Data("1\n"), Data("junk\n")));
        Assert.Equal("22P02", (await client.ReadReplyAsync()).SqlState);
        await client.SendAsync(Frontend.Concat(Data("3\n"), Data("4\n"), Frontend.CopyDone));
        Assert.Equal("0", await client.ScalarAsync("SELECT count(*) FROM t"));
        await client.SendAsync(Frontend.Concat(Frontend.CopyFail("late"), Frontend.Query("SELECT 'still here'")));
        Assert.Equal("still here", (await client.ReadReplyAsync()).Succeeded().Scalar);
    }

    [Theory]
    [EachDataPath]
    public async Task Stray_copy_messages_do_not_hold_a_server(DataPath path)
    {
        var client = await StartWithTableAsync(path);
        await client.SendAsync(Frontend.Concat(Data("1\n"), Frontend.CopyDone, Frontend.CopyFail("what copy?")));
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachDataPath]
    public async Task Sync_sent_with_execute_of_a_copy_is_swallowed_by_it(DataPath path)
    {
        // libpq does this: Parse Bind Describe Execute Sync, then the data, CopyDone and a second Sync. One ReadyForQuery.
        var (client, other) = await StartTwoAsync(path);
        await AssertLikeDirectAsync(
            client, 2,
            Frontend.Query("TRUNCATE t"), Frontend.Run("COPY t FROM STDIN"), Frontend.Sync, Data("1\n"), Frontend.CopyDone, Frontend.Sync);
        Assert.Equal("1", await other.ScalarAsync("SELECT count(*) FROM t"));
    }

    [Theory]
    [EachDataPath]
    public async Task Sync_after_a_copy_that_failed_to_start_is_answered(DataPath path)
    {
        var (client, other) = await StartTwoAsync(path);
        await AssertLikeDirectAsync(client, 2, Frontend.Run("COPY nothing FROM STDIN"), Frontend.Sync, Frontend.Run("SELECT 1"), Frontend.Sync);
        Assert.Equal("1", await other.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachDataPath]
    public async Task Extended_copy_with_an_error_in_the_middle_needs_its_sync(DataPath path)
    {
        var (client, other) = await StartTwoAsync(path);
        await client.SendAsync(Frontend.Concat(Frontend.Run("COPY t FROM STDIN"), Frontend.Flush));
        Assert.Equal("12G", string.Concat((await ReadAsync(client, 3)).Select(message => message.Type)));
        await client.SendAsync(Data("junk\n"));
        Assert.Equal('E', (await client.ReadAsync()).Type);
        await other.SendAsync(Frontend.Query("SELECT 'other'"));
        Assert.True(await other.IsSilentForAsync(TimeSpan.FromMilliseconds(100)), "server given away before Sync");
        await client.SendAsync(Frontend.Concat(Data("2\n"), Frontend.CopyDone, Frontend.Sync));
        Assert.Equal("Z", (await client.ReadReplyAsync()).Types);
        Assert.Equal("other", (await other.ReadReplyAsync()).Scalar);
    }

    [Theory]
    [EachDataPath]
    public async Task Extended_copy_out_answers_as_direct(DataPath path)
    {
        var client = await StartWithTableAsync(path);
        await AssertLikeDirectAsync(
            client, 2, Frontend.Run("COPY (SELECT generate_series(1, 3)) TO STDOUT"), Frontend.Sync, Frontend.Query("SELECT 1"));
    }

    [Theory]
    [EachDataPath]
    public async Task Big_copy_goes_through_unchanged(DataPath path)
    {
        const int Rows = 200_000;
        var client = await StartWithTableAsync(path);
        var lines = Enumerable.Range(0, Rows).Select(number => $"{number}\n").ToList();
        var chunks = lines.Chunk(500).Select(chunk => Data(string.Concat(chunk)));
        await client.SendAsync(Frontend.Concat([Frontend.Query("COPY t FROM STDIN"), .. chunks, Frontend.CopyDone]));
        Assert.Equal([$"COPY {Rows}"], (await client.ReadReplyAsync()).Succeeded().Tags);

        await client.SendAsync(Frontend.Query("COPY (SELECT n FROM t ORDER BY n) TO STDOUT"));
        var rows = (await client.ReadReplyAsync()).Succeeded().Messages.Where(message => message.Type == 'd');
        Assert.Equal(lines, rows.Select(row => Encoding.UTF8.GetString(row.Payload)));
    }

    [Theory]
    [EachDataPath]
    public async Task Client_lost_in_a_copy_leaves_nothing_behind(DataPath path)
    {
        var (client, other) = await StartTwoAsync(path);
        await client.SendAsync(Frontend.Concat(Frontend.Query("COPY t FROM STDIN"), Data("1\n2\n")));
        Assert.Equal('G', (await client.ReadAsync()).Type);
        client.Abort();
        Assert.Equal("0", await other.ScalarAsync("SELECT count(*) FROM t"));
    }

    private static byte[] Data(string rows) => Frontend.CopyData(Encoding.UTF8.GetBytes(rows));

    private static async Task<IReadOnlyList<BackendMessage>> ReadAsync(RawClient client, int count)
    {
        var messages = new List<BackendMessage>();
        while (messages.Count < count)
            messages.Add(await client.ReadAsync());
        return messages;
    }

    private async Task<RawClient> StartWithTableAsync(DataPath path) => (await StartTwoAsync(path)).Client;

    /// <summary>Two clients over one server, so that a link that does not end is seen by the other.</summary>
    private async Task<(RawClient Client, RawClient Other)> StartTwoAsync(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await Postgres.ExecuteAsync("CREATE TABLE t (n int)", ServerDatabase);
        return (Own(await pooler.ClientAsync()), Own(await pooler.ClientAsync()));
    }
}
