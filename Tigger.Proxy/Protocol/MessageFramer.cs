using System.Buffers.Binary;

namespace Tigger.Protocol;

/// <summary>
/// Walks the type and length of every message of an established session, byte-exactly, however the stream is cut.
/// Per message exactly one <see cref="FrameEvent.Message"/> and then one <see cref="FrameEvent.End"/>. A
/// <c>default</c> value is ready for use; its limit is <see cref="int.MaxValue"/>. Twin of pg_frame.h: a change here
/// is a change there, and FramerTwinTests compares the two.
/// Source: PostgreSQL documentation, "Frontend/Backend Protocol", section "Messaging Overview".
/// </summary>
public struct MessageFramer
{
    /// <summary>Bytes before the body: the type and the length field.</summary>
    public const int HeaderLength = 5;

    /// <summary>Bytes of the length field, which counts itself.</summary>
    public const int LengthFieldSize = 4;

    private readonly int _maxMessageLength;
    private uint _partialLength;
    private int _bodyLength;
    private int _remaining;
    private byte _headerBytes;
    private byte _type;
    private byte _firstBodyByte;
    private bool _invalid;

    /// <param name="maxMessageLength">Largest accepted length field, in bytes (the type byte is not counted); at least 4.</param>
    public MessageFramer(int maxMessageLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessageLength, LengthFieldSize);
        _maxMessageLength = maxMessageLength;
    }

    /// <summary>Goes on where another framer, or its twin in the kernel, has come to. A copy of its position gives the same events.</summary>
    /// <param name="maximumMessage">Largest accepted length field of the headers to come; one already complete is not looked at again.</param>
    /// <param name="position">A <see cref="Position"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">No framer can be at that position.</exception>
    public static MessageFramer Resume(int maximumMessage, in FramePosition position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position.HeaderBytes, HeaderLength);
        ArgumentOutOfRangeException.ThrowIfNegative(position.Remaining);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position.Remaining, position.BodyLength);
        return new MessageFramer(maximumMessage)
        {
            _headerBytes = position.HeaderBytes,
            _type = position.Type,
            _partialLength = position.PartialLength,
            _remaining = position.Remaining,
            _bodyLength = position.BodyLength,
            _firstBodyByte = position.FirstBodyByte,
            _invalid = position.Invalid,
        };
    }

    /// <summary>Where it is in the stream, for <see cref="Resume"/>.</summary>
    public readonly FramePosition Position =>
        new(_headerBytes, _type, _partialLength, _remaining, _bodyLength, _firstBodyByte, _invalid);

    /// <summary>No message is begun.</summary>
    public readonly bool AtBoundary => _headerBytes == 0;

    /// <summary>One to four bytes of a header have been seen.</summary>
    public readonly bool InHeader => _headerBytes is > 0 and < HeaderLength;

    /// <summary>Bytes of the current body still to come.</summary>
    public readonly long Remaining => _remaining;

    /// <summary>Type of the current message; after <see cref="FrameEvent.End"/> still that of the ended one.</summary>
    public readonly byte Type => _type;

    /// <summary>
    /// Declared body length of the current message, in bytes: the length field less 4. Valid from
    /// <see cref="FrameEvent.Message"/> until the next header is complete.
    /// </summary>
    public readonly int BodyLength => _bodyLength;

    /// <summary>First byte of the body, e.g. the status of ReadyForQuery. Valid at End if the body is not empty.</summary>
    public readonly byte FirstBodyByte => _firstBodyByte;

    /// <summary>Advances to the next event.</summary>
    /// <param name="data">A piece of the stream.</param>
    /// <param name="offset">Where to go on in <paramref name="data"/>; moves past what was consumed.</param>
    /// <returns>The event; <see cref="FrameEvent.Invalid"/> for ever once it was returned.</returns>
    public FrameEvent Next(ReadOnlySpan<byte> data, ref int offset)
    {
        ReadOnlySpan<byte> rest = data[offset..];
        if (_headerBytes == HeaderLength)
        {
            return Body(rest, ref offset);
        }

        if (_headerBytes == 0 && rest.Length >= HeaderLength)
        {
            _type = rest[0];
            offset += HeaderLength;
            return Begin(BinaryPrimitives.ReadUInt32BigEndian(rest[1..]));
        }

        return SplitHeader(rest, ref offset);
    }

    private FrameEvent Body(ReadOnlySpan<byte> rest, ref int offset)
    {
        if (_invalid)
        {
            return FrameEvent.Invalid;
        }

        if (_remaining > 0)
        {
            if (rest.IsEmpty)
            {
                return FrameEvent.NeedMore;
            }

            if (_remaining == _bodyLength)
            {
                _firstBodyByte = rest[0];
            }

            int taken = Math.Min(_remaining, rest.Length);
            offset += taken;
            _remaining -= taken;
            if (_remaining > 0)
            {
                return FrameEvent.NeedMore;
            }
        }

        _headerBytes = 0;
        return FrameEvent.End;
    }

    private FrameEvent SplitHeader(ReadOnlySpan<byte> rest, ref int offset)
    {
        foreach (byte value in rest)
        {
            offset++;
            if (_headerBytes == 0)
            {
                _type = value;
                _partialLength = 0;
            }
            else
            {
                _partialLength = _partialLength << 8 | value;
            }

            if (++_headerBytes == HeaderLength)
            {
                return Begin(_partialLength);
            }
        }

        return FrameEvent.NeedMore;
    }

    private FrameEvent Begin(uint length)
    {
        _headerBytes = HeaderLength;
        _firstBodyByte = 0;
        uint limit = _maxMessageLength == 0 ? int.MaxValue : (uint)_maxMessageLength;
        if (length < LengthFieldSize || length > limit)
        {
            _invalid = true;
            _bodyLength = _remaining = 0;
            return FrameEvent.Invalid;
        }

        _bodyLength = _remaining = (int)length - LengthFieldSize;
        return FrameEvent.Message;
    }
}
