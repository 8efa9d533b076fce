using Tigger.Protocol;

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
    public void Constructor_LimitBelowLengthField_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MessageFramer(3));
}
