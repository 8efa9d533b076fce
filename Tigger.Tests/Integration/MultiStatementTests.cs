using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Several statements in one Query message: one ReadyForQuery, whose status decides.</summary>
public sealed class MultiStatementTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachDataPath("SELECT 1; SELECT 'two', 2")]
    [EachDataPath("BEGIN; SELECT 1; COMMIT; SELECT 2")]
    [EachDataPath("SELECT 1; SELECT 1/0; SELECT 2")]
    [EachDataPath("BEGIN; SELECT 1/0; COMMIT")]
    [EachDataPath("")]
    [EachDataPath(";;")]
    [EachDataPath("-- only a comment")]
    [EachDataPath("SELECT 'Z'; SELECT E'\\x5A000000054900'")]
    public async Task Answers_as_direct(DataPath path, string sql)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await AssertLikeDirectAsync(client, 3, Frontend.Query(sql), Frontend.Query("ROLLBACK"), Frontend.Query("SELECT 'next'"));
    }

    [Theory]
    [EachDataPath]
    public async Task Open_transaction_at_the_end_keeps_the_server(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var client = await pooler.ClientAsync();
        await using var other = await pooler.ClientAsync();
        Assert.Equal('T', (await client.QueryAsync("SELECT 1; COMMIT; BEGIN; SELECT 2")).Status);
        await other.SendAsync(Frontend.Query("SELECT 'other'"));
        Assert.True(await other.IsSilentForAsync(TimeSpan.FromMilliseconds(100)));
        Assert.Equal('T', (await client.QueryAsync("COMMIT; BEGIN")).Status);
        Assert.True(await other.IsSilentForAsync(TimeSpan.FromMilliseconds(50)));
        await client.QueryAsync("ROLLBACK");
        Assert.Equal("other", (await other.ReadReplyAsync()).Scalar);
    }

    [Theory]
    [EachDataPath]
    public async Task Error_rolls_all_statements_back(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("CREATE TABLE t (n int)");
        Assert.Equal("22012", (await client.QueryAsync("INSERT INTO t VALUES (1); SELECT 1/0")).SqlState);
        Assert.Equal("0", await client.ScalarAsync("SELECT count(*) FROM t"));
    }

    [Theory]
    [EachDataPath]
    public async Task Result_that_looks_like_messages_is_only_data(DataPath path)
    {
        // ReadyForQuery as a column value, at every alignment of a buffer boundary up to a page.
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        const string Bait = "Z\u0001\u0001\u0001\u0005I";
        for (var padding = 4000; padding < 4200; padding += 3)
        {
            var reply = await a.QueryAsync($"SELECT repeat('x', {padding}) || '{Bait}', '{Bait}'");
            Assert.Equal(new string('x', padding) + Bait, reply.Succeeded().Rows[0][0]);
            Assert.Equal("b", await b.ScalarAsync("SELECT 'b'"));
        }

        Assert.Equal("Z" + "\0\0\0" + "\u0005I", System.Text.Encoding.UTF8.GetString(Backend.Ready()));
        var binary = await a.ExtendedAsync("SELECT decode('5A0000000549', 'hex')");
        Assert.Equal("\\x5a0000000549", binary.Succeeded().Scalar);
    }
}
