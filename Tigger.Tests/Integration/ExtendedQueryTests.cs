using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Parse, Bind, Describe, Execute, Close: the replies are PostgreSQL's own.</summary>
public sealed class ExtendedQueryTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachDataPath]
    public async Task Unnamed_statement_answers_as_direct(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await AssertLikeDirectAsync(
            client, 1,
            Frontend.Parse("SELECT $1::int * 2 AS twice, $2::text"), Frontend.DescribeStatement(), Frontend.Bind(values: ["21", null]),
            Frontend.DescribePortal(), Frontend.Execute(), Frontend.Sync);
    }

    [Theory]
    [EachDataPath]
    public async Task Statement_without_rows_and_empty_statement_answer_as_direct(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await AssertLikeDirectAsync(
            client, 2,
            Frontend.Parse("SET work_mem = '5MB'"), Frontend.Bind(), Frontend.DescribePortal(), Frontend.Execute(), Frontend.Sync,
            Frontend.Parse(""), Frontend.Bind(), Frontend.DescribePortal(), Frontend.Execute(), Frontend.Sync);
    }

    [Theory]
    [EachDataPath]
    public async Task Portal_with_row_limit_is_continued_on_the_same_server(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        await AssertPortalAsync(client);
        Assert.Equal('I', (await client.QueryAsync("COMMIT")).Status);
    }

    [Theory]
    [EachDataPath("SELECT nonsense")]
    [EachDataPath("SELECT 1/$1::int")]
    [EachDataPath("THIS IS NOT SQL")]
    public async Task Error_skips_to_sync_and_leaves_the_session_usable(DataPath path, string sql)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await AssertLikeDirectAsync(
            client, 2, Frontend.Run(sql, "0"), Frontend.Run("SELECT 'never'"), Frontend.Sync, Frontend.Run("SELECT 'after'"), Frontend.Sync);
    }

    [Theory]
    [EachDataPath]
    public async Task Named_statement_lives_through_a_transaction(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await AssertLikeDirectAsync(
            client, 4,
            Frontend.Query("BEGIN"),
            Frontend.Parse("SELECT $1::text", "s1"), Frontend.DescribeStatement("s1"), Frontend.Sync,
            Frontend.Bind("s1", "", "x"), Frontend.Execute(), Frontend.Bind("s1", "", "y"), Frontend.Execute(), Frontend.CloseStatement("s1"), Frontend.Sync,
            Frontend.Query("COMMIT"));
    }

    [Theory]
    [EachDataPath]
    public async Task Implicit_transaction_of_two_executes_is_atomic(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("CREATE TABLE t (n int PRIMARY KEY)");
        await client.SendAsync(Frontend.Concat(
            Frontend.Run("INSERT INTO t VALUES (1)"), Frontend.Run("INSERT INTO t VALUES (1)"), Frontend.Sync));
        Assert.Equal("23505", (await client.ReadReplyAsync()).SqlState);
        Assert.Equal("0", await client.ScalarAsync("SELECT count(*) FROM t"));
    }

    [Theory]
    [EachDataPath]
    public async Task Sync_alone_is_answered(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var client = await pooler.ClientAsync();
        await AssertLikeDirectAsync(client, 3, Frontend.Sync, Frontend.Sync, Frontend.Sync);
        await using var other = await pooler.ClientAsync();
        Assert.Equal("1", await other.ScalarAsync("SELECT 1"));
    }

    private static async Task AssertPortalAsync(RawClient client)
    {
        await client.SendAsync(Frontend.Concat(
            Frontend.Parse("SELECT generate_series(1, 5)"), Frontend.Bind("", "p"), Frontend.Execute("p", 2), Frontend.Sync));
        Assert.Equal("12DDsZ", (await client.ReadReplyAsync()).Types);
        await client.SendAsync(Frontend.Concat(Frontend.Execute("p", 2), Frontend.Sync));
        Assert.Equal("DDsZ", (await client.ReadReplyAsync()).Types);
        await client.SendAsync(Frontend.Concat(Frontend.Execute("p", 2), Frontend.ClosePortal("p"), Frontend.Sync));
        Assert.Equal("DC3Z", (await client.ReadReplyAsync()).Types);
    }
}
