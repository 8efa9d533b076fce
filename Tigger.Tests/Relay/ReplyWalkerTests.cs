using FsCheck;
using FsCheck.Fluent;
using Tigger.Protocol;
using Tigger.Relay;

namespace Tigger.Tests.Relay;

public sealed class ReplyWalkerTests
{
    private static readonly byte[] ReadyIdle = ReadyForQuery.Build(TransactionStatus.Idle);

    private static FsCheck.Config Setup => FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(40);

    [Theory]
    [InlineData('Z', 1, true)]
    [InlineData('Z', 1_000_000, true)]
    [InlineData('S', 20_000, true)]
    [InlineData('E', 16 * 1024, true)]
    [InlineData('E', (16 * 1024) + 1, false)]
    [InlineData('D', 1, false)]
    [InlineData('N', 1, false)]
    public void IsWanted_TypeAndLength_TellsWhatIsHeldBack(char type, int bodyLength, bool expected) =>
        Assert.Equal(expected, ReplyWalker.IsWanted((byte)type, bodyLength));

    [Fact]
    public void Walk_WantedMessageIncomplete_IsHeldAndNotAnnounced()
    {
        RecordingSink sink = new();
        ReplyWalk walk = new ReplyWalk(sink).Feed(ReadyIdle[..^1], [int.MaxValue]);
        Assert.Empty(walk.Forwarded);
        Assert.Equal(ReadyIdle[..^1], walk.Held);
        Assert.Equal(0, sink.Types.Length);
    }

    [Fact]
    public void Walk_UnwantedMessageIncomplete_GoesOnAtOnce()
    {
        RecordingSink sink = new();
        byte[] half = [(byte)'D', 0, 0, 1, 0, 1, 2];
        ReplyWalk walk = new ReplyWalk(sink).Feed(half, [int.MaxValue]);
        Assert.Equal(half, walk.Forwarded);
        Assert.Equal("D", sink.Types.ToString());
    }

    [Fact]
    public void Walk_AnyStreamInAnySplit_ReassemblesItAndPresentsWantedMessagesOnce() =>
        Check.One(Setup, Prop.ForAll(ReplyStream.Arbitrary(), stream =>
        {
            RecordingSink sink = new();
            ReplyWalk walk = new ReplyWalk(sink).Feed(stream.Data, stream.Pieces);
            Assert.True(walk.IsValid);
            Assert.Empty(walk.Held);
            Assert.Equal(stream.Data, walk.Forwarded);
            Assert.Equal(stream.Types, sink.Types.ToString());
            Assert.Equal(stream.Wanted(int.MaxValue), sink.Whole);
        }));

    [Fact]
    public void Walk_StreamCutOffAnywhere_ForwardedAndHeldAreTheStream() =>
        Check.One(Setup, Prop.ForAll(ReplyStream.Arbitrary(), Gen.Choose(0, 100).ToArbitrary(), (stream, percent) =>
        {
            byte[] data = stream.Data[..(stream.Data.Length * percent / 100)];
            RecordingSink sink = new();
            ReplyWalk walk = new ReplyWalk(sink).Feed(data, stream.Pieces);
            Assert.True(walk.IsValid);
            Assert.Equal(data, walk.Forwarded.Concat(walk.Held));
            Assert.StartsWith(sink.Types.ToString(), stream.Types, StringComparison.Ordinal);
            Assert.Equal(sink.Whole, stream.Wanted(sink.Types.Length));
        }));

    [Fact]
    public void Walk_SinkRefusesAMessage_ForwardsExactlyWhatCameBefore() =>
        Check.One(Setup, Prop.ForAll(ReplyStream.Arbitrary(), Gen.Choose(0, 40).ToArbitrary(), (stream, number) =>
        {
            RecordingSink sink = new(refuseAt: number);
            ReplyWalk walk = new ReplyWalk(sink).Feed(stream.Data, stream.Pieces);
            bool refused = number < stream.Messages.Length;
            Assert.Equal(!refused, walk.IsValid);
            Assert.Equal(stream.Data[..stream.LengthOf(number)], walk.Forwarded);
            Assert.Equal(stream.Wanted(number), sink.Whole);
        }));

    [Fact]
    public void Walk_LengthNoMessageCanHave_ForwardsExactlyWhatCameBefore() =>
        Check.One(
            Setup,
            Prop.ForAll(ReplyStream.Arbitrary(), Gen.Elements(0u, 3u, 100_001u, 0x80000000u, 0xffffffffu).ToArbitrary(), (stream, length) =>
            {
                byte[] bad = [(byte)'D', (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length];
                RecordingSink sink = new();
                ReplyWalk walk = new ReplyWalk(sink, maximumMessage: 100_000).Feed([.. stream.Data, .. bad, .. ReadyIdle], stream.Pieces);
                Assert.False(walk.IsValid);
                Assert.Equal(stream.Data, walk.Forwarded);
                Assert.Equal(stream.Types, sink.Types.ToString());
            }));
}
