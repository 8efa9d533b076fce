using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>The old FunctionCall message, which libpq's large objects still use.</summary>
public sealed class FunctionCallTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachDataPath("pg_catalog.upper(text)", "abc")]
    [EachDataPath("pg_catalog.int4in(cstring)", "not a number")]
    public async Task Answers_as_direct(DataPath path, string function, string argument)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var client = await pooler.ClientAsync();
        var oid = int.Parse((await client.ScalarAsync($"SELECT '{function}'::regprocedure::oid"))!, CultureInfo.InvariantCulture);
        await AssertLikeDirectAsync(
            client, 4,
            Frontend.FunctionCall(oid, argument), Frontend.FunctionCall(oid, argument), Frontend.FunctionCall(1, argument), Frontend.Query("SELECT 1"));
        await using var other = await pooler.ClientAsync();
        Assert.Equal("1", await other.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachDataPath]
    public async Task Calls_in_a_transaction_stay_on_its_server(DataPath path)
    {
        const int BackendPid = 2026;
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        var pid = await client.ScalarAsync("SELECT pg_backend_pid()");
        await client.SendAsync(Frontend.FunctionCall(BackendPid));
        var reply = (await client.ReadReplyAsync()).Succeeded();
        Assert.Equal("VZ", reply.Types);
        Assert.Equal(pid, System.Text.Encoding.UTF8.GetString(reply.Messages[0].Payload.AsSpan(4)));
        Assert.Equal('T', reply.Status);
    }
}
