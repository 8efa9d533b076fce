using System.Buffers.Binary;

namespace Tigger.Recording;

/// <summary>
/// A recording: eight bytes that say what it is, then records: length and CRC-32C of the body (little-endian, four bytes each), and
/// the body. The first record is the header, all others are transactions, in the order in which they ended for each client.
/// Numbers are little-endian; a string is its length in bytes (seven bits to a byte, lowest first) and UTF-8.
/// </summary>
internal static class RecordFormat
{
    /// <summary>Bytes before a body.</summary>
    public const int PrefixLength = 8;

    /// <summary>No record is longer; a length beyond it is damage.</summary>
    public const int LongestBody = int.MaxValue / 2;

    public static ReadOnlySpan<byte> Magic => "TIGGERR1"u8;

    public static byte[] Write(RecordHeader header) => Frame(output =>
    {
        output.Write(header.Database);
        output.Write(header.StartedAt.ToUnixTimeMilliseconds());
        output.Write(header.Parameters.Count);
        foreach (string name in header.Parameters)
        {
            output.Write(name);
        }
    });

    public static byte[] Write(RecordedTransaction transaction) => Frame(output =>
    {
        output.Write(transaction.Client);
        output.Write(transaction.Sequence);
        output.Write(transaction.StartedAt.Ticks);
        output.Write(transaction.EndedAt.Ticks);
        output.Write(transaction.BusyTime.Ticks);
        output.Write(transaction.SqlState);
        output.Write(transaction.OwnsServer);
        output.Write(transaction.User);
        output.Write(transaction.Parameters.Count);
        foreach (string? value in transaction.Parameters)
        {
            output.Write(value is not null);
            output.Write(value ?? "");
        }

        output.Write(transaction.Named.Count);
        foreach (byte[]? text in transaction.Named)
        {
            output.Write(text is not null);
            WriteBytes(output, text ?? []);
        }

        WriteBytes(output, transaction.Bytes);
    });

    /// <exception cref="IOException">The body ends too early or says what cannot be.</exception>
    public static RecordHeader ReadHeader(byte[] body)
    {
        using BinaryReader input = new(new MemoryStream(body));
        return new RecordHeader(
            input.ReadString(), DateTimeOffset.FromUnixTimeMilliseconds(input.ReadInt64()), ReadList(input, () => input.ReadString()));
    }

    /// <exception cref="IOException">The body ends too early or says what cannot be.</exception>
    public static RecordedTransaction ReadTransaction(byte[] body)
    {
        using BinaryReader input = new(new MemoryStream(body));
        return new RecordedTransaction
        {
            Client = input.ReadInt64(),
            Sequence = input.ReadInt64(),
            StartedAt = new TimeSpan(input.ReadInt64()),
            EndedAt = new TimeSpan(input.ReadInt64()),
            BusyTime = new TimeSpan(input.ReadInt64()),
            SqlState = input.ReadString(),
            OwnsServer = input.ReadBoolean(),
            User = input.ReadString(),
            Parameters = ReadList(input, () => ReadOptional(input, input.ReadString)),
            Named = ReadList(input, () => ReadOptional(input, () => ReadBytes(input))),
            Bytes = ReadBytes(input),
        };
    }

    private static byte[] Frame(Action<BinaryWriter> write)
    {
        using MemoryStream stream = new();
        using BinaryWriter output = new(stream);
        output.Write(0L);
        write(output);
        output.Flush();
        byte[] record = stream.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - PrefixLength);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(sizeof(int)), Crc32C.Of(record.AsSpan(PrefixLength)));
        return record;
    }

    private static void WriteBytes(BinaryWriter output, byte[] bytes)
    {
        output.Write(bytes.Length);
        output.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader input)
    {
        int length = input.ReadInt32();
        byte[] bytes = length >= 0 && length <= input.BaseStream.Length ? input.ReadBytes(length) : throw new IOException("malformed record");
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }

    private static List<T> ReadList<T>(BinaryReader input, Func<T> readOne)
    {
        int count = input.ReadInt32();
        return count >= 0 && count <= input.BaseStream.Length
            ? [.. Enumerable.Range(0, count).Select(_ => readOne())]
            : throw new IOException("malformed record");
    }

    private static T? ReadOptional<T>(BinaryReader input, Func<T> read)
        where T : class
    {
        bool isThere = input.ReadBoolean();
        T value = read();
        return isThere ? value : null;
    }
}
