using System.Buffers.Binary;

namespace Tigger.Recording;

/// <summary>Reads a recording up to its end, or to where it is torn or damaged.</summary>
internal sealed class RecordReader
{
    private readonly Stream _input;
    private readonly byte[] _prefix = new byte[RecordFormat.PrefixLength];

    /// <exception cref="InvalidDataException">It is no recording.</exception>
    public RecordReader(Stream input)
    {
        _input = input;
        byte[] magic = new byte[RecordFormat.Magic.Length];
        if (_input.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length
            || !magic.AsSpan().SequenceEqual(RecordFormat.Magic) || ReadBody() is not { } header)
        {
            throw new InvalidDataException("this is not a recording");
        }

        Header = RecordFormat.ReadHeader(header);
    }

    public RecordHeader Header { get; }

    /// <summary>Behind the last whole record something is left that is none: the recording ended in the middle.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>The next transaction; null at the end, or where it is torn.</summary>
    public RecordedTransaction? Next()
    {
        try
        {
            return ReadBody() is { } body ? RecordFormat.ReadTransaction(body) : null;
        }
        catch (IOException)
        {
            IsTorn = true;
            return null;
        }
    }

    private byte[]? ReadBody()
    {
        int count = _input.ReadAtLeast(_prefix, _prefix.Length, throwOnEndOfStream: false);
        if (count == 0 || IsTorn)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(_prefix);
        if (count == _prefix.Length && length is >= 0 and <= RecordFormat.LongestBody && length <= _input.Length - _input.Position)
        {
            byte[] body = new byte[length];
            _input.ReadExactly(body);
            if (Crc32C.Of(body) == BinaryPrimitives.ReadUInt32LittleEndian(_prefix.AsSpan(sizeof(int))))
            {
                return body;
            }
        }

        IsTorn = true;
        return null;
    }
}
