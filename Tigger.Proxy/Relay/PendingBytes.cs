using System.Buffers;
using Tigger.Net;

namespace Tigger.Relay;

/// <summary>
/// Bytes that could not go on yet: the rest of a partial send, or an incomplete message. Holds a rented buffer only while it is
/// not empty, so an idle connection costs nothing. Bounded by its users: nobody reads more while something is pending.
/// </summary>
public sealed class PendingBytes
{
    private byte[]? _buffer;
    private int _start;
    private int _end;

    public bool IsEmpty => _start == _end;

    public int Length => _end - _start;

    /// <summary>What is pending; valid until the next call.</summary>
    public ReadOnlySpan<byte> Span => _buffer.AsSpan(_start, Length);

    public void Append(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return;
        }

        if (_buffer is null || _buffer.Length - _end < data.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Length + data.Length);
            int length = Length;
            _buffer.AsSpan(_start, length).CopyTo(larger);
            Release();
            _buffer = larger;
            _end = length;
        }

        data.CopyTo(_buffer.AsSpan(_end));
        _end += data.Length;
    }

    /// <summary>Copies everything to the front of <paramref name="target"/> and forgets it; returns how many bytes.</summary>
    public int MoveTo(Span<byte> target)
    {
        int length = Length;
        if (length > 0)
        {
            _buffer.AsSpan(_start, length).CopyTo(target);
            Release();
        }

        return length;
    }

    /// <summary>
    /// Sends as much as the transport takes. 0 when nothing is left, <see cref="LoopSocket.WouldBlock"/> when some is, or
    /// another negated error number.
    /// </summary>
    public int FlushTo(RelayTransport transport)
    {
        while (!IsEmpty)
        {
            int sent = transport.Send(_buffer.AsSpan(_start, Length));
            if (sent < 0)
            {
                return sent;
            }

            _start += sent;
        }

        Release();
        return 0;
    }

    /// <summary>Sends what can be sent now and keeps the rest; order is kept. Result as of <see cref="FlushTo"/>.</summary>
    public int SendThrough(RelayTransport transport, ReadOnlySpan<byte> data)
    {
        int sent = 0;
        if (IsEmpty)
        {
            sent = transport.Send(data);
            if (sent == data.Length)
            {
                return 0;
            }

            if (sent is < 0 and not LoopSocket.WouldBlock)
            {
                return sent;
            }
        }

        Append(data[Math.Max(sent, 0)..]);
        return LoopSocket.WouldBlock;
    }

    /// <summary>Forgets everything and gives the buffer back.</summary>
    public void Release()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }

        _start = _end = 0;
    }
}
