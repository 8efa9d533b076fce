using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Tigger.Relay;

namespace Tigger.Tests.Relay;

/// <summary>Random messages of a server and the pieces they arrive in.</summary>
internal sealed record ReplyStream(byte[][] Messages, int[] Pieces)
{
    private const string ServerTypes = "ZSETDCdHGcN1An";

    public byte[] Data => [.. Messages.SelectMany(message => message)];

    public string Types => string.Concat(Messages.Select(message => (char)message[0]));

    /// <summary>The messages a walk must present whole, up to the given number of messages.</summary>
    public IEnumerable<string> Wanted(int messages) => Messages.Take(messages)
        .Where(message => ReplyWalker.IsWanted(message[0], message.Length - 5))
        .Select(message => RecordingSink.Describe(message[0], message.AsSpan(5)));

    public int LengthOf(int messages) => Messages.Take(messages).Sum(message => message.Length);

    public static Arbitrary<ReplyStream> Arbitrary()
    {
        Gen<byte[]> message =
            from type in Gen.Elements(ServerTypes.ToCharArray())
            from size in Gen.Frequency((2, Gen.Choose(0, 1)), (8, Gen.Choose(0, 40)), (2, Gen.Choose(0, 3000)), (1, Gen.Choose(16_000, 20_000)))
            from seed in Gen.Choose(0, int.MaxValue)
            select Message((byte)type, size, seed);
        Gen<int[]> pieces = Gen.Frequency(
            (1, Gen.Constant<int[]>([1])),
            (1, Gen.Constant<int[]>([int.MaxValue])),
            (4, Gen.NonEmptyListOf(Gen.Frequency((3, Gen.Choose(1, 7)), (2, Gen.Choose(1, 5000)))).Select(list => list.ToArray())));
        return Arb.From(
            from messages in message.ArrayOf()
            from cut in pieces
            select new ReplyStream(messages, cut));
    }

    private static byte[] Message(byte type, int size, int seed)
    {
        byte[] message = new byte[5 + size];
        new Random(seed).NextBytes(message);
        message[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), size + 4);
        return message;
    }
}
