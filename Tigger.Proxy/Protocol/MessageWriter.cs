using System.Buffers.Binary;
using System.Text;

namespace Tigger.Protocol;

/// <summary>
/// Writes whole messages, one after the other, into a buffer it owns. Each is opened with <see cref="Begin"/> (or
/// <see cref="BeginUntyped"/>) and closed with <see cref="End"/>, which fills in the length. Reuse with <see cref="Clear"/>
/// allocates nothing. Text is UTF-8.
/// Source: PostgreSQL documentation, "Frontend/Backend Protocol", section "Message Data Types".
/// </summary>
public sealed class MessageWriter
{
    /// <summary>Most bytes the buffer may hold: PostgreSQL's own limit for one allocation (MaxAllocSize).</summary>
    public const int MaxLength = 0x3fffffff;

    private const int NoMessage = -1;

    private byte[] _buffer;
    private int _length;
    private int _lengthField = NoMessage;

    /// <param name="initialCapacity">Bytes to allocate at once.</param>
    public MessageWriter(int initialCapacity = 256)
    {
        _buffer = new byte[initialCapacity];
    }

    /// <summary>Bytes written so far.</summary>
    public int Length => _length;

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    /// <summary>Forgets everything and keeps the buffer.</summary>
    public void Clear()
    {
        _length = 0;
        _lengthField = NoMessage;
    }

    /// <summary>Opens a message.</summary>
    /// <param name="type">A <see cref="FrontendCode"/> or <see cref="BackendCode"/>.</param>
    public void Begin(byte type)
    {
        int start = _length;
        Open(MessageFramer.HeaderLength);
        _buffer[start] = type;
        _lengthField = start + 1;
    }

    /// <summary>Opens a message of the startup family, which has no type byte.</summary>
    public void BeginUntyped() => Open(MessageFramer.LengthFieldSize);

    /// <summary>Closes the open message: writes its length field.</summary>
    /// <exception cref="InvalidOperationException">No message is open.</exception>
    public void End()
    {
        if (_lengthField == NoMessage)
        {
            throw new InvalidOperationException("No message is open.");
        }

        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(_lengthField), _length - _lengthField);
        _lengthField = NoMessage;
    }

    public void WriteByte(byte value) => Take(1)[0] = value;

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);

    public void WriteBytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>Writes text without a terminator.</summary>
    public void WriteText(ReadOnlySpan<char> value) => Encoding.UTF8.GetBytes(value, Take(Encoding.UTF8.GetByteCount(value)));

    /// <summary>Writes text and the terminating zero.</summary>
    /// <exception cref="ArgumentException">The text contains a zero, which would end it early and shift what follows.</exception>
    public void WriteCString(ReadOnlySpan<char> value)
    {
        if (value.Contains('\0'))
        {
            throw new ArgumentException("A zero inside a string of the protocol.", nameof(value));
        }

        WriteText(value);
        WriteByte(0);
    }

    /// <summary>Writes bytes and the terminating zero.</summary>
    /// <exception cref="ArgumentException">The bytes contain a zero.</exception>
    public void WriteCString(ReadOnlySpan<byte> value)
    {
        if (value.Contains((byte)0))
        {
            throw new ArgumentException("A zero inside a string of the protocol.", nameof(value));
        }

        WriteBytes(value);
        WriteByte(0);
    }

    /// <summary>Writes an Int32 length, to be filled in by <see cref="EndValue"/>, and returns its place.</summary>
    internal int BeginValue()
    {
        int place = _length;
        WriteInt32(0);
        return place;
    }

    /// <summary>Fills in the length of what was written since <see cref="BeginValue"/>.</summary>
    internal void EndValue(int place) =>
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(place), _length - place - sizeof(int));

    private void Open(int header)
    {
        if (_lengthField != NoMessage)
        {
            throw new InvalidOperationException("The message before is still open.");
        }

        _lengthField = _length;
        Take(header).Clear();
    }

    private Span<byte> Take(int count)
    {
        if (count > _buffer.Length - _length)
        {
            Grow(count);
        }

        Span<byte> taken = _buffer.AsSpan(_length, count);
        _length += count;
        return taken;
    }

    private void Grow(int count)
    {
        if (count > MaxLength - _length)
        {
            throw new InvalidOperationException("A message would exceed PostgreSQL's limit of 1 GB.");
        }

        long doubled = Math.Min(2L * _buffer.Length, MaxLength);
        Array.Resize(ref _buffer, (int)Math.Max(doubled, _length + count));
    }
}
