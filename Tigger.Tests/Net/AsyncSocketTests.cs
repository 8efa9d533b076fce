using Tigger.Net;

namespace Tigger.Tests.Net;

public sealed class AsyncSocketTests : LoopTest
{
    private const int Rounds = 10_000, LargestMessage = 3_000, Flood = 8 * 1024 * 1024;

    [Fact]
    public async Task SendAndReceive_TenThousandRandomPingPongs_LoseNoWakeUp()
    {
        (AsyncSocket left, AsyncSocket right) = SocketPair.Create(First, Second);
        Task<long> echo = Task.Run(() => EchoAsync(right));
        Random random = new(1);
        byte[] sent = new byte[LargestMessage];
        byte[] got = new byte[LargestMessage];
        long total = 0;
        for (int round = 0; round < Rounds; round++)
        {
            Memory<byte> message = sent.AsMemory(0, random.Next(1, random.Next(4) == 0 ? LargestMessage : 20));
            random.NextBytes(message.Span);
            await left.SendAsync(message, Limit);
            await ReceiveExactlyAsync(left, got.AsMemory(0, message.Length));
            Assert.True(message.Span.SequenceEqual(got.AsSpan(0, message.Length)), $"round {round}");
            total += message.Length;
        }

        left.Socket.Close();
        Assert.Equal(total, await echo);
        right.Socket.Close();
    }

    [Fact]
    public async Task SendAndReceive_MoreThanTheSocketHoldsBothWays_LosesNoByte()
    {
        (AsyncSocket left, AsyncSocket right) = SocketPair.Create(First, Second);
        byte[] data = new byte[Flood];
        new Random(2).NextBytes(data);
        byte[] atLeft = new byte[Flood];
        byte[] atRight = new byte[Flood];
        await Task.WhenAll(
            left.SendAsync(data, Limit).AsTask(),
            right.SendAsync(data, Limit).AsTask(),
            ReceiveExactlyAsync(left, atLeft),
            ReceiveExactlyAsync(right, atRight));
        Assert.True(data.AsSpan().SequenceEqual(atLeft) && data.AsSpan().SequenceEqual(atRight), "bytes differ");
        left.Socket.Close();
        right.Socket.Close();
    }

    [Fact]
    public async Task ReceiveAsync_PeerCloses_WakesUpWithZero()
    {
        (AsyncSocket left, AsyncSocket right) = SocketPair.Create(First, Second);
        ValueTask<int> waiting = left.ReceiveAsync(new byte[1], Limit);
        right.Socket.Close();
        Assert.Equal(0, await waiting);
        left.Socket.Close();
    }

    [Fact]
    public async Task ReceiveAsync_AfterACancelledOne_StillWakesUp()
    {
        (AsyncSocket left, AsyncSocket right) = SocketPair.Create(First, Second);
        byte[] got = new byte[1];
        using CancellationTokenSource given = new();
        ValueTask<int> waiting = left.ReceiveAsync(got, given.Token);
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);

        ValueTask<int> next = left.ReceiveAsync(got, Limit);
        await right.SendAsync(new byte[] { 7 }, Limit);
        Assert.Equal((1, 7), (await next, got[0]));
        left.Socket.Close();
        right.Socket.Close();
    }

    [Fact]
    public async Task SendAsync_PeerHasClosed_ThrowsIOException()
    {
        (AsyncSocket left, AsyncSocket right) = SocketPair.Create(First, Second);
        right.Socket.Close();
        await Assert.ThrowsAsync<IOException>(async () => await left.SendAsync(new byte[1], Limit));
        left.Socket.Close();
    }

    private async Task<long> EchoAsync(AsyncSocket socket)
    {
        Random random = new(3);
        byte[] buffer = new byte[LargestMessage];
        long total = 0;
        while (await socket.ReceiveAsync(buffer.AsMemory(0, random.Next(1, LargestMessage)), Limit) is > 0 and var count)
        {
            await socket.SendAsync(buffer.AsMemory(0, count), Limit);
            total += count;
        }

        return total;
    }

    private async Task ReceiveExactlyAsync(AsyncSocket socket, Memory<byte> target)
    {
        while (!target.IsEmpty)
        {
            int count = await socket.ReceiveAsync(target, Limit);
            Assert.True(count > 0, "end of stream");
            target = target[count..];
        }
    }
}
