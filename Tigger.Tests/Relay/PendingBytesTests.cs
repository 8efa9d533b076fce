using FsCheck;
using FsCheck.Fluent;
using Tigger.Net;
using Tigger.Relay;

namespace Tigger.Tests.Relay;

public sealed class PendingBytesTests
{
    private const int BrokenPipe = -32;

    [Fact]
    public void SendThrough_AllTaken_KeepsNothing()
    {
        PendingBytes pending = new();
        ScriptedTransport peer = new();
        Assert.Equal(0, pending.SendThrough(peer, [1, 2, 3]));
        Assert.True(pending.IsEmpty);
        Assert.Equal([1, 2, 3], peer.Taken);
    }

    [Fact]
    public void SendThrough_PartlyTaken_KeepsTheRest()
    {
        PendingBytes pending = new();
        ScriptedTransport peer = new(2);
        Assert.Equal(LoopSocket.WouldBlock, pending.SendThrough(peer, [1, 2, 3]));
        Assert.Equal(1, pending.Length);
        Assert.Equal(0, pending.FlushTo(peer));
        Assert.Equal([1, 2, 3], peer.Taken);
    }

    [Fact]
    public void SendThrough_SomethingPending_DoesNotOvertakeIt()
    {
        PendingBytes pending = new();
        ScriptedTransport peer = new();
        pending.Append([1]);
        Assert.Equal(LoopSocket.WouldBlock, pending.SendThrough(peer, [2]));
        Assert.Empty(peer.Taken);
        Assert.Equal(0, pending.FlushTo(peer));
        Assert.Equal([1, 2], peer.Taken);
    }

    [Fact]
    public void SendThrough_PeerBroken_TellsAndKeepsNothing()
    {
        PendingBytes pending = new();
        Assert.Equal(BrokenPipe, pending.SendThrough(new ScriptedTransport(BrokenPipe), [1]));
        Assert.True(pending.IsEmpty);
    }

    [Fact]
    public void FlushTo_PeerTakesPartAndBlocks_KeepsTheRestInOrder()
    {
        PendingBytes pending = new();
        ScriptedTransport peer = new(1, 1, LoopSocket.WouldBlock, 1, BrokenPipe);
        pending.Append([1, 2, 3, 4]);
        Assert.Equal(LoopSocket.WouldBlock, pending.FlushTo(peer));
        Assert.Equal(2, pending.Length);
        Assert.Equal(BrokenPipe, pending.FlushTo(peer));
        Assert.Equal([1, 2, 3], peer.Taken);
        Assert.Equal(1, pending.Length);
    }

    [Fact]
    public void FlushTo_Empty_SendsNothing() => Assert.Equal(0, new PendingBytes().FlushTo(new ScriptedTransport(BrokenPipe)));

    [Fact]
    public void MoveTo_SomethingPending_EmptiesIt()
    {
        PendingBytes pending = new();
        byte[] target = new byte[4];
        pending.Append([1, 2]);
        pending.Append([3]);
        Assert.Equal(3, pending.MoveTo(target));
        Assert.Equal([1, 2, 3, 0], target);
        Assert.Equal((0, 0), (pending.Length, pending.MoveTo(target)));
    }

    [Fact]
    public void Append_TheBytesJustMovedOut_ArePendingAgain()
    {
        PendingBytes pending = new();
        byte[] target = new byte[8];
        pending.Append([1, 2, 3]);
        int length = pending.MoveTo(target);
        pending.Append(target.AsSpan(0, length));
        Assert.Equal(3, pending.MoveTo(target));
    }

    [Fact]
    public void Release_SomethingPending_ForgetsIt()
    {
        PendingBytes pending = new();
        pending.Append([1]);
        pending.Release();
        ScriptedTransport peer = new();
        Assert.True(pending.IsEmpty);
        Assert.Equal(0, pending.FlushTo(peer));
        Assert.Empty(peer.Taken);
    }

    /// <summary>Whatever is given in, in whatever way, comes out once and in order, however little the peer takes at a time.</summary>
    [Fact]
    public void AnyMixOfOperations_PartialSends_KeepsOrderAndCompleteness() =>
        Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60),
            Prop.ForAll(Operations(), Script(), (steps, script) => Run(steps, script)));

    private static void Run((int Kind, int Size)[] steps, int[] script)
    {
        PendingBytes pending = new();
        ScriptedTransport peer = new(script);
        List<byte> given = [];
        foreach ((int kind, int size) in steps)
        {
            byte[] data = [.. Enumerable.Range(given.Count, size).Select(i => (byte)(i * 31))];
            switch (kind)
            {
                case 0:
                    pending.Append(data);
                    given.AddRange(data);
                    break;
                case 1:
                    pending.SendThrough(peer, data);
                    given.AddRange(data);
                    break;
                case 2:
                    Assert.Equal(pending.FlushTo(peer) == 0, pending.IsEmpty);
                    break;
                default:
                    byte[] moved = new byte[pending.Length];
                    Assert.Equal(moved.Length, pending.MoveTo(moved));
                    peer.Taken.AddRange(moved);
                    break;
            }

            Assert.Equal(given.Count, peer.Taken.Count + pending.Length);
        }

        peer.TakeAll();
        Assert.Equal(0, pending.FlushTo(peer));
        Assert.Equal(given, peer.Taken);
    }

    private static Arbitrary<(int Kind, int Size)[]> Operations() => Arb.From(
        (from kind in Gen.Choose(0, 3)
         from size in Gen.Frequency((6, Gen.Choose(0, 40)), (1, Gen.Choose(1000, 70_000)))
         select (kind, size)).ArrayOf());

    private static Arbitrary<int[]> Script() => Arb.From(
        Gen.Frequency((3, Gen.Constant(LoopSocket.WouldBlock)), (5, Gen.Choose(1, 30)), (2, Gen.Choose(500, 20_000))).ArrayOf());
}
