using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Where one segment ends and the next begins must not matter, whichever way the bytes go.</summary>
public sealed class SplitTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const int Replies = 8, Piece = 16;
    private const string LastQuery = "SELECT 'the end'";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private static readonly byte[] Session = Frontend.Concat(
        Frontend.Query("SELECT 'Z', 1"),
        Frontend.Parse("SELECT $1::text", ""), Frontend.Bind("", "", "bound"), Frontend.DescribePortal(), Frontend.Execute(), Frontend.Sync,
        Frontend.Query("BEGIN"),
        Frontend.Query("COPY t FROM STDIN"), Frontend.CopyData("1\n"u8), Frontend.CopyData("2\n"u8), Frontend.CopyDone,
        Frontend.Query("SELECT 1/0"),
        Frontend.Query("ROLLBACK"),
        Frontend.FunctionCall(1, "no such function"),
        Frontend.Query(LastQuery));

    [Theory]
    [EachDataPath(1)]
    [EachDataPath(2)]
    [EachDataPath(3)]
    [EachDataPath(7)]
    public async Task Session_in_small_pieces_answers_as_direct(DataPath path, int size)
    {
        var (client, expected) = await StartAsync(path);
        await client.SendInPiecesAsync(Session, size);
        Assert.Equal(expected, Describe(await client.ReadRepliesAsync(Replies)));
        await client.SendInPiecesAsync(Session, size, Pause);
        Assert.Equal(expected, Describe(await client.ReadRepliesAsync(Replies)));
    }

    [Theory]
    [EachDataPath]
    public async Task Session_cut_at_every_offset_answers_as_direct(DataPath path)
    {
        var (client, expected) = await StartAsync(path);
        for (var cut = 1; cut < Session.Length; cut++)
        {
            await client.SendAsync(Session.AsMemory(0, cut));
            await Task.Delay(Pause);
            await client.SendAsync(Session.AsMemory(cut));
            Assert.Equal(expected, Describe(await client.ReadRepliesAsync(Replies)));
        }
    }

    [Theory]
    [EachDataPath]
    public async Task Reply_cut_at_every_offset_arrives_whole(DataPath path)
    {
        byte[] reply = [.. Backend.ParameterStatus("TimeZone", "GMT"), .. Backend.Result("Z\0\0\0\u0005I")];
        var (_, pooler) = await StartFakeAsync(path, async server =>
        {
            await server.LoginAsync();
            while (true)
            {
                var cut = int.Parse((await server.ReadMessageAsync()).Text(), CultureInfo.InvariantCulture);
                await server.SendAsync(reply[..cut]);
                await Task.Delay(Pause);
                await server.SendAsync(reply[cut..]);
            }
        });
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        for (var cut = 1; cut < reply.Length; cut++)
        {
            var got = await (cut % 2 == 0 ? a : b).QueryAsync($"{cut}");
            Assert.Equal("Z\0\0\0\u0005I", got.Succeeded().Scalar);
        }
    }

    /// <summary>What PostgreSQL itself answers to the session above, sent in pieces, the first of which is a byte longer each time.</summary>
    [Theory]
    [EachDataPath]
    public async Task Replies_of_the_session_cut_at_every_offset_arrive_whole(DataPath path)
    {
        await Postgres.ExecuteAsync("CREATE TABLE t (n int)", ServerDatabase);
        await using var direct = await Postgres.ConnectRawAsync(ServerDatabase);
        await direct.SendAsync(Session);
        var recorded = await direct.ReadRepliesAsync(Replies);
        var reply = Frontend.Concat(recorded.SelectMany(part => part.Messages).Select(message => new WireWriter().Bytes(message.Payload).Message(message.Type)));
        var first = 0;
        var (_, pooler) = await StartFakeAsync(path, async server =>
        {
            await server.LoginAsync();
            while (true)
            {
                // The last of the session's requests is a simple query of its own.
                while (await server.ReadMessageAsync() is not { Type: 'Q' } message || message.Text() != LastQuery)
                {
                }

                await server.SendAsync(reply[..first]);
                foreach (var piece in reply[first..].Chunk(Piece))
                {
                    await Task.Delay(Pause);
                    await server.SendAsync(piece);
                }
            }
        });
        await using var client = await pooler.ClientAsync();
        for (first = 1; first <= Piece; first++)
        {
            await client.SendAsync(Session);
            Assert.Equal(Describe(recorded), Describe(await client.ReadRepliesAsync(Replies)));
        }
    }

    [Theory]
    [EachDataPath]
    public async Task Reply_byte_by_byte_arrives_whole(DataPath path)
    {
        var (_, pooler) = await StartFakeAsync(path, async server =>
        {
            await server.LoginAsync();
            while (true)
                await server.SendSlowlyAsync(Backend.Result((await server.ReadMessageAsync()).Text()), Pause);
        });
        await using var client = await pooler.ClientAsync();
        for (var i = 0; i < 5; i++)
            Assert.Equal($"answer {i}", await client.ScalarAsync($"answer {i}"));
    }

    private async Task<(RawClient Client, IReadOnlyList<string> Expected)> StartAsync(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await Postgres.ExecuteAsync("CREATE TABLE t (n int)", ServerDatabase);
        await using var direct = await Postgres.ConnectRawAsync(ServerDatabase);
        await direct.SendAsync(Session);
        return (Own(await pooler.ClientAsync()), Describe(await direct.ReadRepliesAsync(Replies)));
    }
}
