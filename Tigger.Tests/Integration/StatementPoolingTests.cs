using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Statement pooling: like transaction pooling, but a transaction may not span statements.</summary>
public sealed class StatementPoolingTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachDataPath]
    public async Task Transaction_block_is_refused(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("pool_mode", "statement").Set("default_pool_size", 1));
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("CREATE TABLE t (n int)");
        await client.SendAsync(Frontend.Query("BEGIN; INSERT INTO t VALUES (1)"));
        var messages = await client.ReadToEndAsync();
        var error = Assert.Single(messages, message => message.Type == 'E');
        Assert.Equal("transaction blocks not allowed in statement pooling mode", error.Field('M'));

        await using var next = await pooler.ClientAsync();
        Assert.Equal("0", await next.ScalarAsync("SELECT count(*) FROM t"));
    }

    [Theory]
    [EachDataPath]
    public async Task Single_statements_share_the_server(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("pool_mode", "statement").Set("default_pool_size", 1));
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        var pid = await a.BackendPidAsync();
        Assert.Equal(pid, await b.BackendPidAsync());
        Assert.Equal("7", (await b.ExtendedAsync("SELECT $1::int + 1", "6")).Succeeded().Scalar);
    }
}
