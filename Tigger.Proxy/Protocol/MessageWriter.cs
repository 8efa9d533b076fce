using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Tigger.Protocol;

/// <summary>
/// Builds protocol messages one after another in one buffer. Integers are big-endian, strings UTF-8 and zero-terminated
/// (PostgreSQL: "Message Data Types").
/// </summary>
public sealed class MessageWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private readonly List<int> _patches = [];
    private int _lengthAt;

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public int Length => _buffer.WrittenCount;

    /// <summary>Starts a message with a type byte; its length is filled in by <see cref="End"/>.</summary>
    public MessageWriter Begin(byte type)
    {
        Byte(type);
        return BeginUntyped();
    }

    /// <summary>Starts a message of the startup family, which has no type byte.</summary>
    public MessageWriter BeginUntyped()
    {
        _lengthAt = _buffer.WrittenCount;
        return Int32(0);
    }

    /// <summary>Ends the message begun last.</summary>
    public MessageWriter End()
    {
        _patches.Add(_lengthAt);
        _patches.Add(_buffer.WrittenCount - _lengthAt);
        return this;
    }

    public MessageWriter Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
        return this;
    }

    public MessageWriter Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_buffer.GetSpan(2), value);
        _buffer.Advance(2);
        return this;
    }

    public MessageWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    public MessageWriter Bytes(ReadOnlySpan<byte> value)
    {
        _buffer.Write(value);
        return this;
    }

    /// <summary>UTF-8 without the terminating zero.</summary>
    public MessageWriter Text(string value)
    {
        Encoding.UTF8.GetBytes(value, _buffer);
        return this;
    }

    /// <summary>UTF-8 with the terminating zero.</summary>
    public MessageWriter CString(string value) => Text(value).Byte(0);

    /// <summary>All messages ended so far, as one array ready to be sent.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = _buffer.WrittenSpan.ToArray();
        for (int i = 0; i < _patches.Count; i += 2)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(_patches[i]), _patches[i + 1]);
        }

        return bytes;
    }
}
