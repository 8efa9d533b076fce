using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Tigger.Protocol;

namespace Tigger.Tests.Kernel;

/// <summary>A random byte stream of messages, good and bad, and the pieces it arrives in.</summary>
internal sealed record FrameStream(byte[] Data, int[] Pieces, int Limit)
{
    private static readonly byte[] Bait = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    /// <summary>The pieces in order; the last size repeats until the data is used up.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Split()
    {
        int at = 0;
        for (int i = 0; at < Data.Length; i++)
        {
            int size = Math.Min(Pieces[i % Pieces.Length], Data.Length - at);
            yield return Data.AsMemory(at, size);
            at += size;
        }
    }

    /// <summary>Parses all of the data at once, in the simplest way there is.</summary>
    public List<FramedEvent> Reference()
    {
        List<FramedEvent> events = [];
        long at = 0;
        while (at + 5 <= Data.Length)
        {
            byte type = Data[at];
            long length = BinaryPrimitives.ReadUInt32BigEndian(Data.AsSpan((int)at + 1));
            at += 5;
            if (length < 4 || length > (Limit == 0 ? int.MaxValue : Limit))
            {
                events.Add(new(FrameEvent.Invalid, type, 0, 0, at));
                break;
            }

            int body = (int)length - 4;
            events.Add(new(FrameEvent.Message, type, body, 0, at));
            if (at + body > Data.Length)
            {
                break;
            }

            events.Add(new(FrameEvent.End, type, body, body > 0 ? Data[at] : (byte)0, at + body));
            at += body;
        }

        return events;
    }

    public override string ToString() =>
        $"{Data.Length} bytes {Convert.ToHexString(Data.AsSpan(0, Math.Min(64, Data.Length)))}, pieces {string.Join(',', Pieces)}, limit {Limit}";

    public static Arbitrary<FrameStream> Arbitrary()
    {
        Gen<int> size = Gen.Frequency(
            (4, Gen.Choose(0, 2)), (8, Gen.Choose(0, 60)), (3, Gen.Choose(0, 3000)), (1, Gen.Choose(0, 200_000)));
        Gen<uint> badLength = Gen.Elements(0u, 1u, 3u, 0x7fffffffu, 0x80000000u, 0xffffffffu, 100_000u);
        Gen<byte[]> good =
            from type in Gen.Choose(0, 255)
            from length in size
            from seed in Gen.Choose(0, int.MaxValue)
            select Message((byte)type, (uint)length + 4, Body(length, seed));
        Gen<byte[]> bad =
            from type in Gen.Choose(0, 255)
            from length in badLength
            from rest in Gen.Choose(0, 40)
            select Message((byte)type, length, Body(rest, rest));
        Gen<int[]> pieces = Gen.Frequency(
            (1, Gen.Constant<int[]>([1])),
            (1, Gen.Constant<int[]>([int.MaxValue])),
            (4, Gen.NonEmptyListOf(Gen.Frequency((3, Gen.Choose(1, 7)), (2, Gen.Choose(1, 5000)))).Select(l => l.ToArray())));
        Gen<FrameStream> stream =
            from messages in Gen.ListOf(Gen.Frequency((40, good), (1, bad)))
            from tail in Gen.Choose(0, 4)
            from cut in pieces
            from limit in Gen.Elements(0, 0, 0, 4, 5000)
            select new FrameStream([.. messages.SelectMany(m => m), .. new byte[tail]], cut, limit);
        return Arb.From(stream);
    }

    private static byte[] Message(byte type, uint length, byte[] body)
    {
        byte[] message = new byte[5 + body.Length];
        message[0] = type;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(1), length);
        body.CopyTo(message, 5);
        return message;
    }

    /// <summary>Half of the bodies are full of what looks like ReadyForQuery.</summary>
    private static byte[] Body(int length, int seed)
    {
        byte[] body = new byte[length];
        if (seed % 2 == 0)
        {
            new Random(seed).NextBytes(body);
        }
        else
        {
            for (int i = 0; i < length; i++)
            {
                body[i] = Bait[(i + seed % Bait.Length) % Bait.Length];
            }
        }

        return body;
    }
}
