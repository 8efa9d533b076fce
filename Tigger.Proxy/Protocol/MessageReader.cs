using System.Buffers.Binary;

namespace Tigger.Protocol;

/// <summary>
/// Reads the fields of one message body. Every read says whether the body held that much; none throws, and a length
/// from the wire is only ever compared with what is left, so it cannot overflow.
/// </summary>
public ref struct MessageReader
{
    private ReadOnlySpan<byte> _rest;

    /// <param name="body">The body without type and length.</param>
    public MessageReader(ReadOnlySpan<byte> body)
    {
        _rest = body;
    }

    /// <summary>What has not been read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Everything has been read.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    public bool TryReadByte(out byte value)
    {
        value = 0;
        if (_rest.IsEmpty)
        {
            return false;
        }

        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    public bool TryReadInt32(out int value)
    {
        if (!BinaryPrimitives.TryReadInt32BigEndian(_rest, out value))
        {
            return false;
        }

        _rest = _rest[sizeof(int)..];
        return true;
    }

    /// <summary>Reads <paramref name="count"/> bytes; false as well for a negative count.</summary>
    public bool TryReadBytes(int count, out ReadOnlySpan<byte> value)
    {
        value = default;
        if ((uint)count > (uint)_rest.Length)
        {
            return false;
        }

        value = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    /// <summary>Reads up to a terminating zero, which is left out of <paramref name="value"/>.</summary>
    public bool TryReadCString(out ReadOnlySpan<byte> value)
    {
        int end = _rest.IndexOf((byte)0);
        if (end < 0)
        {
            value = default;
            return false;
        }

        value = _rest[..end];
        _rest = _rest[(end + 1)..];
        return true;
    }
}
