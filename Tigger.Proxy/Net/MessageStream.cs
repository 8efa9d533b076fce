using System.Buffers.Binary;

namespace Tigger.Net;

/// <summary>
/// Whole protocol messages over an <see cref="AsyncSocket"/>, for logins and the admin console. What it has read beyond the
/// last message is in <see cref="Unread"/> when the connection goes over to the relay.
/// </summary>
public sealed class MessageStream(AsyncSocket socket)
{
    private const int HeaderLength = 5;

    private byte[] _buffer = new byte[1024];
    private int _start;
    private int _end;

    public AsyncSocket Connection { get; } = socket;

    /// <summary>Bytes that came behind the last message.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Forgets and returns what came behind the last message: the beginning of another protocol.</summary>
    public byte[] TakeUnread()
    {
        byte[] unread = Unread.ToArray();
        _start = _end;
        return unread;
    }

    /// <summary>The next byte, which stays to be read. Null when the peer closed.</summary>
    public async ValueTask<byte?> PeekByteAsync(CancellationToken cancellation) =>
        await FillAsync(1, cancellation) ? _buffer[_start] : null;

    public ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation) =>
        Connection.SendAsync(data, cancellation);

    /// <summary>A message of the startup family: its code and what follows. Null when the peer closed before it began.</summary>
    /// <exception cref="InvalidDataException">Not a startup packet, or longer than <paramref name="maximum"/> bytes.</exception>
    public async ValueTask<(int Code, byte[] Body)?> ReadStartupAsync(int maximum, CancellationToken cancellation)
    {
        if (!await FillAsync(8, cancellation))
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(Unread);
        if (length < 8 || length > maximum)
        {
            throw new InvalidDataException("invalid length of startup packet");
        }

        await FillAsync(length, cancellation);
        int code = BinaryPrimitives.ReadInt32BigEndian(Unread[4..]);
        byte[] body = Unread[8..length].ToArray();
        _start += length;
        return (code, body);
    }

    /// <summary>The next typed message. Null when the peer closed before it began.</summary>
    /// <exception cref="InvalidDataException">A length below 4, or a body of more than <paramref name="maximum"/> bytes.</exception>
    /// <exception cref="EndOfStreamException">The peer closed in the middle of a message.</exception>
    public async ValueTask<(byte Type, byte[] Body)?> ReadMessageAsync(int maximum, CancellationToken cancellation)
    {
        if (!await FillAsync(HeaderLength, cancellation))
        {
            return null;
        }

        byte type = Unread[0];
        int length = BinaryPrimitives.ReadInt32BigEndian(Unread[1..]);
        if (length < 4 || length - 4 > maximum)
        {
            throw new InvalidDataException($"bad length of message '{(char)type}'");
        }

        await FillAsync(1 + length, cancellation);
        byte[] body = Unread[HeaderLength..(1 + length)].ToArray();
        _start += 1 + length;
        return (type, body);
    }

    /// <summary>A single byte, as the answer to SSLRequest is one. Null when the peer closed.</summary>
    public async ValueTask<byte?> ReadByteAsync(CancellationToken cancellation) =>
        await FillAsync(1, cancellation) ? _buffer[_start++] : null;

    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellation)
    {
        while (_end - _start < count)
        {
            MakeRoom(count);
            int read = await Connection.ReceiveAsync(_buffer.AsMemory(_end), cancellation);
            if (read == 0)
            {
                return _end == _start ? false : throw new EndOfStreamException("connection closed in the middle of a message");
            }

            _end += read;
        }

        return true;
    }

    private void MakeRoom(int count)
    {
        if (_start + count > _buffer.Length || _end == _buffer.Length)
        {
            int unread = _end - _start;
            byte[] target = count > _buffer.Length ? new byte[Math.Max(count, _buffer.Length * 2)] : _buffer;
            Buffer.BlockCopy(_buffer, _start, target, 0, unread);
            _buffer = target;
            _start = 0;
            _end = unread;
        }
    }
}
