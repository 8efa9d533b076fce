using System.Net.Sockets;
using Tigger.Kernel;
using Tigger.Kernel.Copies;
using Tigger.Kernel.Slots;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Kernel;

/// <summary>What mirrors answer is taken in by a program and never read.</summary>
[Collection(BpfTestsDefinition.Name)]
public sealed class MirrorAnswerTests : IDisposable
{
    private static readonly byte[] Error = KernelBench.Message(
        'E', [.. "SFEHLER"u8, 0, .. "VERROR"u8, 0, .. "C23505"u8, 0, .. "Mduplicate key value violates unique constraint"u8, 0, 0]);

    private static readonly byte[] Ready = [.. "Z"u8, 0, 0, 0, 5, .. "I"u8];
    private static readonly byte[] Row = [.. "D"u8, 0, 0, 0, 16, 0, 1, 0, 0, 0, 6, .. "Z\0\0\0\u0005I"u8];

    private readonly KernelBench? _bench = BpfAvailability.SkipReason is null ? new() : null;
    private readonly LoopbackPair _pair = LoopbackPair.Connect();
    private readonly List<CopyHead> _heads = [];
    private readonly CopyReader? _reader;
    private readonly int _slot;

    public MirrorAnswerTests()
    {
        if (_bench is null)
            return;
        _reader = _bench.Path.ReadCopies((in CopyHead head, ReadOnlySpan<byte> _) => _heads.Add(head));
        _slot = _bench.Path.EnterMirror((int)_pair.Near.Handle, _pair.Near.Cookie());
    }

    private ref MirrorSlot Slot => ref _bench!.Path.Mirror(_slot);

    [RequiresBpfTheory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000000)]
    public async Task Answers_InPiecesOfThisLength_AreCountedAndNotRead(int length)
    {
        byte[] answers = [.. Row, .. Row, .. Ready, .. Error, .. Ready];
        for (int round = 0; round < 3; round++)
        {
            MirrorSlot.Begin(ref Slot, expected: 2);
            foreach (var piece in answers.Chunk(length))
                LoopbackPair.Send(_pair.Far, piece);
            await Eventually.TrueAsync(() => Slot.Time != 0, "both are counted");
            Assert.Equal((2u, (byte)'I', true, false), (Slot.Ready, Slot.Status, Slot.Failed, Slot.IsBroken));
            Assert.Equal(length == 1000000 ? "23505"u8 : new byte[5], Slot.Code);
            Assert.Equal(0, _pair.Near.Available);
        }

        _reader!.Consume();
        Assert.Equal(3, _heads.Count(head => head.Kind == CopyKind.Answered && head.Slot == _slot));
    }

    [RequiresBpfFact]
    public async Task Answers_OfMegabytes_AreCountedAndNotRead()
    {
        byte[] rows = [.. Enumerable.Repeat(Row, 20000).SelectMany(row => row)];
        MirrorSlot.Begin(ref Slot, expected: 10);
        for (int i = 0; i < 10; i++)
        {
            LoopbackPair.Send(_pair.Far, rows);
            LoopbackPair.Send(_pair.Far, Ready);
        }

        await Eventually.TrueAsync(() => Slot.Time != 0, "all are counted");
        Assert.Equal((10u, false), (Slot.Ready, Slot.IsBroken));
        Assert.Equal(0, _pair.Near.Available);
    }

    [RequiresBpfTheory]
    [InlineData(3)]
    [InlineData(9)]
    public async Task News_BehindAPartOfAMessage_IsLeftToUsWithItsPlace(int cut)
    {
        byte[] rest = [.. Row[cut..], .. "S"u8, 0, 0, 0, 10, .. "a\0b\0cd"u8, .. Ready];
        MirrorSlot.Begin(ref Slot, expected: 2);
        LoopbackPair.Send(_pair.Far, [.. Ready, .. Row[..cut]]);
        await Eventually.TrueAsync(() => Slot.Ready == 1, "the first is counted");
        LoopbackPair.Send(_pair.Far, rest);
        LoopbackPair.Expect(_pair.Near, rest, "our end");
        Assert.Equal((1u, false, false), (Slot.Ready, Slot.IsBroken, Slot.IsWatched));
        Assert.Equal(((byte)Math.Min(cut, 5), (byte)'D'), (Slot.Frame.HeaderBytes, Slot.Frame.Type));
        Assert.Equal(cut == 9 ? (uint)(Row.Length - cut) : 0, Slot.Frame.Remaining);
    }

    [RequiresBpfFact]
    public void Answer_ThatIsNone_IsLeftToUs()
    {
        byte[] nonsense = [.. "D"u8, 0, 0, 0, 1, 2, 3];
        MirrorSlot.Begin(ref Slot, expected: 1);
        LoopbackPair.Send(_pair.Far, nonsense);
        LoopbackPair.Expect(_pair.Near, nonsense, "our end");
        Assert.True(Slot.IsBroken);
    }

    [RequiresBpfFact]
    public async Task Answers_WhenLeft_AreRead()
    {
        MirrorSlot.Begin(ref Slot, expected: 1);
        LoopbackPair.Send(_pair.Far, Ready);
        await Eventually.TrueAsync(() => Slot.Time != 0, "it is counted");
        MirrorSlot.Leave(ref Slot);
        LoopbackPair.Send(_pair.Far, Row);
        LoopbackPair.Expect(_pair.Near, Row, "our end");
        MirrorSlot.Begin(ref Slot, expected: 1);
        LoopbackPair.Send(_pair.Far, Ready);
        await Eventually.TrueAsync(() => Slot.Time != 0, "it is counted");
        _pair.Far.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, _pair.Near.Receive(new byte[10]));
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _pair.Dispose();
        _bench?.Dispose();
    }
}
