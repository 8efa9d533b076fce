using System.Buffers.Binary;
using Tigger.Net;
using Tigger.Protocol;

namespace Tigger.Tests.Net;

public sealed class MessageStreamTests : LoopTest
{
    private const int Maximum = 20_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Read_RandomMessagesInRandomSplits_GivesEachWhole(int seed)
    {
        Random random = new(seed);
        (MessageStream stream, AsyncSocket peer) = Open();
        byte[] startup = StartupMessage.Build([new("user", new string('u', random.Next(2000)))]);
        List<byte[]> messages = [.. Enumerable.Range(0, 200).Select(_ => Message(random))];
        Task sending = SendInPiecesAsync(peer, [.. startup, .. messages.SelectMany(message => message), 1, 2, 3], random.Next());

        (int code, byte[] body) = Assert.NotNull(await stream.ReadStartupAsync(Maximum, Limit));
        Assert.Equal(StartupCode.Version3, code);
        Assert.Equal(startup[8..], body);
        foreach (byte[] message in messages)
        {
            (byte type, byte[] content) = Assert.NotNull(await stream.ReadMessageAsync(Maximum, Limit));
            Assert.Equal(message[0], type);
            Assert.Equal(message[5..], content);
        }

        Assert.Equal((byte)1, await stream.ReadByteAsync(Limit));
        await sending;
        await Assert.ThrowsAsync<EndOfStreamException>(async () => await stream.ReadMessageAsync(Maximum, Limit));
        Assert.Equal([2, 3], stream.Unread.ToArray());
        stream.Connection.Socket.Close();
    }

    [Fact]
    public async Task Read_PeerClosesBetweenMessages_IsNull()
    {
        (MessageStream stream, AsyncSocket peer) = Open();
        peer.Socket.Close();
        Assert.Null(await stream.ReadMessageAsync(Maximum, Limit));
        Assert.Null(await stream.ReadStartupAsync(Maximum, Limit));
        Assert.Null(await stream.ReadByteAsync(Limit));
        stream.Connection.Socket.Close();
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0000000A00030000")]
    public async Task ReadStartup_PeerClosesInTheMiddle_IsNullOnlyBeforeTheBeginning(string hex)
    {
        (MessageStream stream, AsyncSocket peer) = Open();
        await peer.SendAsync(Convert.FromHexString(hex), Limit);
        peer.Socket.Close();
        if (hex.Length == 0)
        {
            Assert.Null(await stream.ReadStartupAsync(Maximum, Limit));
        }
        else
        {
            await Assert.ThrowsAsync<EndOfStreamException>(async () => await stream.ReadStartupAsync(Maximum, Limit));
        }

        stream.Connection.Socket.Close();
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("00000007")]
    [InlineData("80000000")]
    [InlineData("FFFFFFFF")]
    [InlineData("7FFFFFFF")]
    [InlineData("00004E21")]
    public async Task ReadStartup_LengthOutOfLimits_IsInvalid(string length)
    {
        (MessageStream stream, AsyncSocket peer) = Open();
        await peer.SendAsync(Convert.FromHexString(length + "00030000"), Limit);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await stream.ReadStartupAsync(Maximum, Limit));
        peer.Socket.Close();
        stream.Connection.Socket.Close();
    }

    [Theory]
    [InlineData("00000003")]
    [InlineData("80000000")]
    [InlineData("FFFFFFFF")]
    [InlineData("7FFFFFFF")]
    [InlineData("00004E25")]
    public async Task ReadMessage_LengthOutOfLimits_IsInvalid(string length)
    {
        (MessageStream stream, AsyncSocket peer) = Open();
        await peer.SendAsync(Convert.FromHexString("51" + length), Limit);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await stream.ReadMessageAsync(Maximum, Limit));
        peer.Socket.Close();
        stream.Connection.Socket.Close();
    }

    private (MessageStream Stream, AsyncSocket Peer) Open()
    {
        (AsyncSocket own, AsyncSocket peer) = SocketPair.Create(First, Second);
        return (new MessageStream(own), peer);
    }

    private static byte[] Message(Random random)
    {
        byte[] message = new byte[5 + random.Next(random.Next(10) == 0 ? Maximum : 50)];
        random.NextBytes(message);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), message.Length - 1);
        return message;
    }

    private async Task SendInPiecesAsync(AsyncSocket peer, byte[] data, int seed)
    {
        Random random = new(seed);
        for (int at = 0; at < data.Length;)
        {
            int size = Math.Min(random.Next(1, random.Next(3) == 0 ? 5_000 : 10), data.Length - at);
            await peer.SendAsync(data.AsMemory(at, size), Limit);
            at += size;
            await Task.Yield();
        }

        peer.Socket.Close();
    }
}
