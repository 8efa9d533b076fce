using Tigger.Net;
using Tigger.Pooling;
using Tigger.Protocol;
using Tigger.Sessions;
using Tigger.Tests.Fixtures;
using Tigger.Tests.Pooling;

namespace Tigger.Tests.Sessions;

/// <summary>The kernel path gave the client the first bytes of a message and left the rest to the session.</summary>
public sealed class HeldSentTests : IDisposable
{
    private static readonly byte[] Complete = [(byte)'C', 0, 0, 0, 9, .. "DO 1\0"u8];
    private static readonly byte[] Ready = ReadyForQuery.Build(TransactionStatus.Idle);
    private static readonly byte[] Stream = [.. Complete, .. Ready];

    private readonly PoolFixture _fixture = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(30));

    public void Dispose()
    {
        _fixture.Dispose();
        _limit.Dispose();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 4)]
    [InlineData(0, 5)]
    [InlineData(10, 1)]
    [InlineData(10, 4)]
    [InlineData(10, 5)]
    public async Task ForwardReplies_HeaderPartlySent_ClientGetsTheRestOnce(int from, int sent)
    {
        (ServerConnection server, AsyncSocket postgres, AsyncSocket application) = await LinkAsync();
        TakeOver(server, Stream.AsSpan(from, sent));

        // Byte by byte: what is not complete goes back to be held, still without the client's part.
        foreach (byte next in Stream[(from + sent)..])
        {
            await postgres.SendAsync(new[] { next }, _limit.Token);
            await Task.Delay(1, _limit.Token);
        }

        await ExpectAsync(application, Stream[(from + sent)..]);
        Assert.Equal(0, server.HeldSent);
        Assert.False(server.ClientIsMidMessage);

        await application.SendAsync(QueryMessage.Build("select 2"), _limit.Token);
        await ReadAsync(postgres, QueryMessage.Build("select 2").Length);
        await postgres.SendAsync(Stream, _limit.Token);
        await ExpectAsync(application, Stream);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EndBy_HeaderPartlySent_NothingIsSaidInTheMiddleOfIt(bool violation)
    {
        (ServerConnection server, AsyncSocket postgres, AsyncSocket application) = await LinkAsync();
        TakeOver(server, Complete.AsSpan(0, 4));

        if (violation)
        {
            await postgres.SendAsync(new byte[] { 0 }, _limit.Token);
        }
        else
        {
            postgres.Socket.Close();
        }

        Assert.Equal(0, await application.ReceiveAsync(new byte[1], _limit.Token));
        Assert.True(server.IsDead);
    }

    /// <summary>A client whose query has reached the server.</summary>
    private async Task<(ServerConnection Server, AsyncSocket Postgres, AsyncSocket Application)> LinkAsync()
    {
        ServerConnection server = _fixture.NewServer(out AsyncSocket postgres);
        ClientSession client = _fixture.NewClient(out AsyncSocket application);
        _fixture.Pool.HandOn(server);
        client.Start([]);
        byte[] query = QueryMessage.Build("select 1");
        await application.SendAsync(query, _limit.Token);
        Assert.Equal(query, await ReadAsync(postgres, query.Length));
        await Eventually.TrueAsync(() => server.Client == client, "the link");
        return (server, postgres, application);
    }

    private static void TakeOver(ServerConnection server, ReadOnlySpan<byte> sent)
    {
        server.Held.Append(sent);
        server.HeldSent = sent.Length;
    }

    private async Task ExpectAsync(AsyncSocket socket, byte[] expected)
    {
        Assert.Equal(expected, await ReadAsync(socket, expected.Length));
        Assert.Equal(LoopSocket.WouldBlock, socket.Socket.Receive(new byte[1]));
    }

    private async Task<byte[]> ReadAsync(AsyncSocket socket, int count)
    {
        byte[] read = new byte[count];
        for (int length = 0; length < count;)
        {
            int more = await socket.ReceiveAsync(read.AsMemory(length), _limit.Token);
            Assert.NotEqual(0, more);
            length += more;
        }

        return read;
    }
}
