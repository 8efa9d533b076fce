using Tigger.Net;

namespace Tigger.Tests.Net;

public sealed class LoopSocketTests : LoopTest
{
    private static readonly CountingHandler Nobody = new();

    [Fact]
    public void Receive_NothingSent_WouldBlock()
    {
        (LoopSocket left, LoopSocket right) = Pair();
        Assert.Equal(LoopSocket.WouldBlock, left.Receive(new byte[1]));
        left.Close();
        right.Close();
    }

    [Fact]
    public void Send_PeerReads_ReceivesTheSameThenTheEnd()
    {
        (LoopSocket left, LoopSocket right) = Pair();
        byte[] got = new byte[8];
        Assert.Equal(3, left.Send([1, 2, 3]));
        left.ShutdownWrite();
        Assert.Equal(3, right.Receive(got));
        Assert.Equal([1, 2, 3], got[..3]);
        Assert.Equal(0, right.Receive(got));
        Assert.Equal(1, right.Send([4]));
        Assert.Equal(1, left.Receive(got));
        left.Close();
        right.Close();
    }

    [Fact]
    public void BytesSentAndReceived_PartFailedAndEnded_CountWhatTheKernelMoved()
    {
        (LoopSocket left, LoopSocket right) = Pair();
        byte[] data = new byte[1024 * 1024];
        int taken = left.Send(data);
        Assert.Equal(LoopSocket.WouldBlock, left.Send(data));
        left.ShutdownWrite();
        int count;
        while ((count = right.Receive(data)) > 0)
        {
        }

        Assert.Equal(0, count);
        right.Close();
        Assert.InRange(left.Send(data), int.MinValue, -1);
        left.Close();
        Assert.Equal((taken, 0L), (left.BytesSent, left.BytesReceived));
        Assert.Equal((0L, taken), (right.BytesSent, right.BytesReceived));
    }

    [Fact]
    public void Send_PeerDoesNotRead_TakesPartThenBlocks()
    {
        (LoopSocket left, LoopSocket right) = Pair();
        byte[] data = new byte[1024 * 1024];
        int first = left.Send(data);
        Assert.InRange(first, 1, data.Length - 1);
        Assert.Equal(LoopSocket.WouldBlock, left.Send(data));
        left.Close();
        right.Close();
    }

    [Fact]
    public void Send_PeerClosed_IsBrokenPipeAndNoSignal()
    {
        const int BrokenPipe = 32;
        (LoopSocket left, LoopSocket right) = Pair();
        right.Close();
        Assert.Equal(-BrokenPipe, left.Send([1]));
        left.Close();
    }

    [Fact]
    public void Close_Twice_ClosesOnce()
    {
        (LoopSocket left, LoopSocket right) = Pair();
        left.Close();
        (LoopSocket next, LoopSocket other) = Pair();
        left.Close();
        Assert.False(left.IsOpen);
        Assert.Equal(1, next.Send([1]));
        Assert.Equal(1, other.Receive(new byte[1]));
        right.Close();
        next.Close();
        other.Close();
    }

    [Fact]
    public void TakeError_SoundConnection_IsZero()
    {
        (LoopSocket left, LoopSocket right) = Pair();
        Assert.Equal(0, left.TakeError());
        left.Close();
        right.Close();
    }

    private (LoopSocket Left, LoopSocket Right) Pair()
    {
        (int left, int right) = SocketPair.Create();
        LoopSocket first = new(First, left, Nobody);
        LoopSocket second = new(Second, right, Nobody);
        First.Register(first);
        Second.Register(second);
        return (first, second);
    }
}
