using System.Buffers.Binary;
using System.Threading.Tasks.Sources;
using Tigger.Net;
using Tigger.Relay;

namespace Tigger.Tls;

/// <summary>
/// The encrypted side of an <see cref="System.Net.Security.SslStream"/>: a socket that never blocks. A read of what is not there
/// yet stays open until <see cref="Resume"/> finds it, and goes on there on the caller's thread; what the socket does not take is
/// kept until <see cref="FlushKept"/>. Not for use by two threads at once.
/// </summary>
internal sealed class CipherStream(LoopSocket socket, ReadOnlyMemory<byte> early) : Stream, IValueTaskSource<int>
{
    private const int RecordHeaderLength = 5;

    private readonly PlainTransport _plain = new(socket);
    private readonly PendingBytes _unsent = new();

    // Read from the socket before it was known to be encrypted.
    private ReadOnlyMemory<byte> _early = early;
    private ManualResetValueTaskSourceCore<int> _source;
    private Memory<byte> _wanted;
    private bool _isWaiting;
    private bool _readerIsEmpty;
    private bool _wasFull;

    /// <summary>Set when it is likely that there is something: a look is then not worth a system call.</summary>
    public bool ExpectsData { get; set; }

    /// <summary>What was read last was one TLS record, all there was, and the reader had nothing before.</summary>
    public bool WasOneRecord { get; private set; }

    public bool HasUnsent => !_unsent.IsEmpty;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Goes on with a read that waits, if there is something for it by now.</summary>
    public void Resume()
    {
        if (!_isWaiting)
        {
            return;
        }

        int count = _wanted.IsEmpty ? 0 : Take(_wanted.Span);
        if (count == LoopSocket.WouldBlock)
        {
            return;
        }

        _isWaiting = false;
        _wanted = default;
        if (count < 0)
        {
            _source.SetException(SocketFailure.Create("recv", -count));
        }
        else
        {
            _source.SetResult(count);
        }
    }

    /// <summary>Sends what was kept; result as of <see cref="PendingBytes.FlushTo"/>.</summary>
    public int FlushKept() => _unsent.FlushTo(_plain);

    /// <summary>A read of nothing, which the reader does when it has nothing left, ends when there may be something.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            _readerIsEmpty = true;
            if (ExpectsData || _wasFull || !_early.IsEmpty || socket.HasUnread)
            {
                return ValueTask.FromResult(0);
            }
        }
        else
        {
            int count = Take(buffer.Span);
            if (count != LoopSocket.WouldBlock)
            {
                return count >= 0 ? ValueTask.FromResult(count) : throw SocketFailure.Create("recv", -count);
            }
        }

        _wanted = buffer;
        _isWaiting = true;
        _source.Reset();
        return new ValueTask<int>(this, _source.Version);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        int result = _unsent.SendThrough(_plain, buffer);
        if (result is < 0 and not LoopSocket.WouldBlock)
        {
            throw SocketFailure.Create("send", -result);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("would block");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override void Dispose(bool disposing)
    {
        _unsent.Release();
        base.Dispose(disposing);
    }

    private int Take(Span<byte> buffer)
    {
        int count;
        if (_early.IsEmpty)
        {
            count = socket.Receive(buffer);
        }
        else
        {
            count = Math.Min(_early.Length, buffer.Length);
            _early.Span[..count].CopyTo(buffer);
            _early = _early[count..];
        }

        // A record: type, version, length of the rest (RFC 8446, section 5.1).
        WasOneRecord = _readerIsEmpty && count is > RecordHeaderLength && count < buffer.Length
            && BinaryPrimitives.ReadUInt16BigEndian(buffer[3..]) == count - RecordHeaderLength;
        _readerIsEmpty &= count <= 0;
        _wasFull = count == buffer.Length;
        return count;
    }
}
