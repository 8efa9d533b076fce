using FsCheck;
using FsCheck.Fluent;
using Tigger.Protocol;

namespace Tigger.Tests.Kernel;

/// <summary>MessageFramer.cs and pg_frame.h agree on every stream in every split, and both with a reference parser.</summary>
public sealed unsafe class FramerTwinTests
{
    private const int RecordCapacity = 256;

    [Fact]
    public void Size_of_pg_frame_equals_its_mirror() => Assert.Equal((uint)sizeof(PgFrame), PgFrameLibrary.FrameSize());

    [Fact]
    public void Events_RandomStreamsInRandomSplits_AreEqual() =>
        Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(120),
            Prop.ForAll(FrameStream.Arbitrary(), stream =>
            {
                List<FramedEvent> expected = stream.Reference();
                Assert.Equal(expected, Managed(stream));
                Assert.Equal(expected, NativeSteps(stream));
                Assert.Equal(expected, NativeWalk(stream));
            }));

    private static List<FramedEvent> Managed(FrameStream stream)
    {
        MessageFramer framer = stream.Limit == 0 ? default : new MessageFramer(stream.Limit);
        List<FramedEvent> events = [];
        long passed = 0;
        foreach (ReadOnlyMemory<byte> piece in stream.Split())
        {
            int offset = 0;
            FrameEvent frameEvent;
            while ((frameEvent = framer.Next(piece.Span, ref offset)) != FrameEvent.NeedMore)
            {
                events.Add(new(frameEvent, framer.Type, framer.BodyLength, framer.FirstBodyByte, passed + offset));
                if (frameEvent == FrameEvent.Invalid)
                {
                    Assert.Equal(FrameEvent.Invalid, framer.Next(piece.Span, ref offset));
                    return events;
                }
            }

            Assert.Equal(piece.Length, offset);
            passed += offset;
        }

        return events;
    }

    private static List<FramedEvent> NativeSteps(FrameStream stream)
    {
        PgFrame frame = new() { MaxLength = (uint)stream.Limit };
        List<FramedEvent> events = [];
        long passed = 0;
        foreach (ReadOnlyMemory<byte> piece in stream.Split())
        {
            uint offset = 0;
            fixed (byte* data = piece.Span)
            {
                FrameEvent frameEvent;
                while ((frameEvent = (FrameEvent)PgFrameLibrary.Next(&frame, data, (uint)piece.Length, &offset)) != FrameEvent.NeedMore)
                {
                    events.Add(new(frameEvent, frame.Type, (int)frame.BodyLength, frame.FirstBodyByte, passed + offset));
                    if (frameEvent == FrameEvent.Invalid)
                    {
                        return events;
                    }
                }
            }

            passed += offset;
        }

        return events;
    }

    private static List<FramedEvent> NativeWalk(FrameStream stream)
    {
        PgFrame frame = new() { MaxLength = (uint)stream.Limit };
        FrameRecord* records = stackalloc FrameRecord[RecordCapacity];
        List<FramedEvent> events = [];
        long passed = 0;
        foreach (ReadOnlyMemory<byte> piece in stream.Split())
        {
            ReadOnlyMemory<byte> rest = piece;
            bool more = true;
            while (more)
            {
                uint count;
                fixed (byte* data = rest.Span)
                {
                    count = PgFrameLibrary.Walk(&frame, data, (uint)rest.Length, records, RecordCapacity);
                }

                for (uint i = 0; i < count && more; i++)
                {
                    FrameRecord record = records[i];
                    more = (FrameEvent)record.Event != FrameEvent.NeedMore;
                    if (more)
                    {
                        events.Add(new((FrameEvent)record.Event, record.Type, (int)record.BodyLength, record.FirstBodyByte, passed + record.Offset));
                    }

                    if ((FrameEvent)record.Event == FrameEvent.Invalid)
                    {
                        return events;
                    }
                }

                passed += records[count - 1].Offset;
                rest = rest[(int)records[count - 1].Offset..];
            }
        }

        return events;
    }
}
