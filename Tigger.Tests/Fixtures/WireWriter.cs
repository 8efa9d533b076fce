using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Tigger.Tests.Fixtures;

/// <summary>Builds the body of a protocol message. Deliberately not the proxy's own writer: the tests must not share its mistakes.</summary>
public sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _body = new();

    public WireWriter Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        _body.Write(bytes);
        return this;
    }

    public WireWriter Int16(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)value);
        _body.Write(bytes);
        return this;
    }

    public WireWriter Byte(int value)
    {
        _body.Write([(byte)value]);
        return this;
    }

    public WireWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        _body.Write(bytes);
        return this;
    }

    /// <summary>Text without an end mark.</summary>
    public WireWriter Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    /// <summary>Text ended by a zero byte.</summary>
    public WireWriter Zero(string text) => Text(text).Byte(0);

    /// <summary>A value with its length before it; null is length -1.</summary>
    public WireWriter Value(string? text)
    {
        if (text is null)
            return Int32(-1);
        var bytes = Encoding.UTF8.GetBytes(text);
        return Int32(bytes.Length).Bytes(bytes);
    }

    /// <summary>The finished message: type byte, length, body.</summary>
    public byte[] Message(char type) => Finish([(byte)type]);

    /// <summary>As <see cref="Message"/> without a type byte, as the first packet of a connection is.</summary>
    public byte[] Startup() => Finish([]);

    private byte[] Finish(ReadOnlySpan<byte> type)
    {
        var message = new byte[type.Length + 4 + _body.WrittenCount];
        type.CopyTo(message);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(type.Length), _body.WrittenCount + 4);
        _body.WrittenSpan.CopyTo(message.AsSpan(type.Length + 4));
        return message;
    }
}
