using System.Text;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Data that looks like messages, wherever a buffer may end within it.</summary>
public sealed class ImitationTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string ReadyForQuery = "Z\0\0\0\u0005I";
    private const string SyncAndQuery = "S\0\0\0\u0004Q\0\0\0\u0006;\0";

    /// <summary>PostgreSQL sends when its buffer of 8192 bytes is full: somewhere below, a send ends in the imitation's last byte.</summary>
    private const int BeyondOneBuffer = 8200;

    [Theory]
    [EachDataPath]
    public async Task Reply_ReadyForQueryInRowDataAtEveryOffset_EndsNothing(DataPath path)
    {
        const string Sql = "SELECT convert_to(repeat('x', $1::int), 'UTF8') || '\\x5a0000000549'::bytea || convert_to('tail of ' || $1, 'UTF8')";
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        var clients = new[] { Own(await pooler.ClientAsync()), Own(await pooler.ClientAsync()) };

        // Two take turns on one server: should the imitation end a transaction, the other gets the rest of the row.
        await Task.WhenAll(clients.Select((client, number) => Task.Run(async () =>
        {
            for (var offset = number; offset <= BeyondOneBuffer; offset += clients.Length)
            {
                await client.SendAsync(Frontend.Concat(Frontend.RunBinary(Sql, $"{offset}"), Frontend.Sync));
                var value = (await client.ReadReplyAsync()).Succeeded().Scalar;
                Assert.True(value == new string('x', offset) + ReadyForQuery + $"tail of {offset}", $"at offset {offset}: {value}");
            }
        })));
    }

    [Theory]
    [EachDataPath]
    public async Task Request_MessagesWithinAValueAtManyOffsets_AnswersAsDirect(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var client = await pooler.ClientAsync();
        for (var offset = 0; offset < 40; offset++)
        {
            // PostgreSQL refuses the NUL in the text, after it has read the message to its true end.
            var value = new string('x', offset * 211) + SyncAndQuery;
            await AssertLikeDirectAsync(
                client, 3, Frontend.Run("SELECT $1::text", value), Frontend.Sync,
                Frontend.Run("SELECT length($1::text)", new string('y', offset)), Frontend.Sync, Frontend.Query($"SELECT '{offset}'"));
        }
    }

    [Theory]
    [EachDataPath]
    public async Task CopyOut_ReadyForQueryInTheData_EndsNothing(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var client = await pooler.ClientAsync();
        await using var other = await pooler.ClientAsync();
        var rows = Encoding.ASCII.GetBytes(ReadyForQuery).Length * 200;
        await client.SendAsync(Frontend.Query(
            $"COPY (SELECT decode(repeat('5a0000000549', n), 'hex') FROM generate_series(1, {rows}, 7) n) TO STDOUT (FORMAT binary)"));
        await other.SendAsync(Frontend.Query("SELECT 'other'"));
        var reply = (await client.ReadReplyAsync()).Succeeded();
        Assert.Equal('H', reply.Types[0]);
        Assert.Equal((rows + 6) / 7, reply.Messages.Count(message => message.Type == 'd' && message.Payload.AsSpan().IndexOf("Z\0\0\0\u0005I"u8) >= 0));
        Assert.Equal("other", (await other.ReadReplyAsync()).Scalar);
    }
}
