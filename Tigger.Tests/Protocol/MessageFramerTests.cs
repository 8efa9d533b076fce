using FsCheck;
using FsCheck.Fluent;
using Tigger.Protocol;
using Tigger.Tests.Kernel;

namespace Tigger.Tests.Protocol;

public sealed class MessageFramerTests
{
    private static readonly byte[] ReadyIdle = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    [Fact]
    public void Next_WholeMessage_GivesMessageThenEnd()
    {
        MessageFramer framer = default;
        int offset = 0;

        Assert.True(framer.AtBoundary);
        Assert.Equal(FrameEvent.Message, framer.Next(ReadyIdle, ref offset));
        Assert.Equal((5, BackendCode.ReadyForQuery, 1, 1L), (offset, framer.Type, framer.BodyLength, framer.Remaining));
        Assert.False(framer.AtBoundary);
        Assert.False(framer.InHeader);
        Assert.Equal(FrameEvent.End, framer.Next(ReadyIdle, ref offset));
        Assert.Equal((6, (byte)'I'), (offset, framer.FirstBodyByte));
        Assert.True(framer.AtBoundary);
        Assert.Equal(FrameEvent.NeedMore, framer.Next(ReadyIdle, ref offset));
    }

    [Fact]
    public void Next_EmptyBody_GivesEndWithoutMoreData()
    {
        byte[] sync = [(byte)'S', 0, 0, 0, 4];
        MessageFramer framer = default;
        int offset = 0;

        Assert.Equal(FrameEvent.Message, framer.Next(sync, ref offset));
        Assert.Equal(FrameEvent.End, framer.Next(sync, ref offset));
        Assert.Equal(FrameEvent.NeedMore, framer.Next(sync, ref offset));
    }

    [Fact]
    public void Next_SingleBytes_KeepsHeaderAndFirstBodyByte()
    {
        MessageFramer framer = default;
        List<FrameEvent> events = [];
        for (int i = 0; i < ReadyIdle.Length; i++)
        {
            int offset = 0;
            FrameEvent frameEvent;
            while ((frameEvent = framer.Next(ReadyIdle.AsSpan(i, 1), ref offset)) != FrameEvent.NeedMore)
            {
                events.Add(frameEvent);
            }

            Assert.Equal(i < 4, framer.InHeader);
        }

        Assert.Equal([FrameEvent.Message, FrameEvent.End], events);
        Assert.Equal((byte)'I', framer.FirstBodyByte);
    }

    [Theory]
    [InlineData(3u)]
    [InlineData(0u)]
    [InlineData(101u)]
    [InlineData(0x80000000u)]
    [InlineData(0xffffffffu)]
    public void Next_LengthOutOfLimits_StaysInvalid(uint length)
    {
        byte[] data = [(byte)'Q', (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, 1, 2];
        MessageFramer framer = new(100);
        int offset = 0;

        Assert.Equal(FrameEvent.Invalid, framer.Next(data, ref offset));
        Assert.Equal(FrameEvent.Invalid, framer.Next(data, ref offset));
        Assert.Equal(FrameEvent.Invalid, framer.Next(ReadyIdle, ref offset));
        Assert.Equal(5, offset);
    }

    [Fact]
    public void Resume_AnyStreamCutAnywhere_GivesTheSameEvents() =>
        Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(60),
            Prop.ForAll(FrameStream.Arbitrary(), stream => Assert.Equal(stream.Reference(), EventsWithCopies(stream))));

    [Fact]
    public void Position_InTheMiddle_IsThatOfTheKernelsFrame()
    {
        MessageFramer framer = default;
        int offset = 0;
        framer.Next(ReadyIdle.AsSpan(0, 3), ref offset);
        Assert.Equal(new FramePosition(3, (byte)'Z', 0, 0, 0, 0), framer.Position);

        offset = 0;
        framer = MessageFramer.Resume(100, new FramePosition(5, (byte)'D', 0, 7, 10, (byte)'x'));
        Assert.Equal(FrameEvent.End, framer.Next(new byte[8], ref offset));
        Assert.Equal((7, (byte)'D', 10, (byte)'x'), (offset, framer.Type, framer.BodyLength, framer.FirstBodyByte));
    }

    [Theory]
    [InlineData(6, 0, 0)]
    [InlineData(5, 2, 1)]
    [InlineData(5, -1, 1)]
    public void Resume_ImpossiblePosition_Throws(byte headerBytes, int remaining, int bodyLength) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => MessageFramer.Resume(100, new FramePosition(headerBytes, 0, 0, remaining, bodyLength, 0)));

    [Fact]
    public void Constructor_LimitBelowLengthField_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MessageFramer(3));

    /// <summary>With another framer for every piece, and one more between the header and the body of each message.</summary>
    private static List<FramedEvent> EventsWithCopies(FrameStream stream)
    {
        int limit = stream.Limit == 0 ? int.MaxValue : stream.Limit;
        MessageFramer framer = new(limit);
        List<FramedEvent> events = [];
        long passed = 0;
        foreach (ReadOnlyMemory<byte> piece in stream.Split())
        {
            int offset = 0;
            FrameEvent frameEvent;
            framer = MessageFramer.Resume(limit, framer.Position);
            while ((frameEvent = framer.Next(piece.Span, ref offset)) != FrameEvent.NeedMore)
            {
                events.Add(new(frameEvent, framer.Type, framer.BodyLength, framer.FirstBodyByte, passed + offset));
                framer = MessageFramer.Resume(limit, framer.Position);
                if (frameEvent == FrameEvent.Invalid)
                {
                    Assert.Equal(FrameEvent.Invalid, framer.Next(piece.Span, ref offset));
                    return events;
                }
            }

            passed += offset;
        }

        return events;
    }
}
