using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Tigger.Tests.Fixtures;

/// <summary>A client that works on bytes: polite or rude, whole or in pieces.</summary>
public sealed partial class RawClient : IAsyncDisposable
{
    /// <summary>At soak size others' gigabytes may come first.</summary>
    public static readonly TimeSpan DefaultTimeout = Soak.IsOn ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    private RawClient(Socket socket) => _socket = socket;

    /// <summary>A connection from the given network, or ours.</summary>
    public static Task<RawClient> ConnectTcpAsync(string host, int port, NetworkNamespace? from = null, ProtocolType protocol = ProtocolType.Tcp)
    {
        var address = IPAddress.Parse(host);
        var socket = from is null ? Make() : from.Run(Make);
        return ConnectAsync(socket, new IPEndPoint(address, port));

        Socket Make()
        {
            var made = new Socket(address.AddressFamily, SocketType.Stream, protocol) { NoDelay = true };
            if (address.IsIPv4MappedToIPv6)
                made.DualMode = true;
            return made;
        }
    }

    /// <summary>A path, or a name in the abstract namespace when it starts with @.</summary>
    public static Task<RawClient> ConnectUnixAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        return ConnectAsync(socket, new UnixDomainSocketEndPoint(path.StartsWith('@') ? "\0" + path[1..] : path));
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(DefaultTimeout);
        if (_encrypted is not null)
        {
            await _encrypted.WriteAsync(bytes, limit.Token);
            return;
        }

        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, limit.Token)..];
    }

    /// <summary>Sends what the socket takes at once; the count says how much that was.</summary>
    public int SendSome(ReadOnlySpan<byte> bytes)
    {
        _socket.Blocking = false;
        var sent = _socket.Send(bytes, SocketFlags.None, out var error);
        return error is SocketError.Success ? sent : 0;
    }

    /// <summary>Sends in pieces of the given size, each in a segment of its own as far as the kernel lets us say so.</summary>
    public async Task SendInPiecesAsync(ReadOnlyMemory<byte> bytes, int size, TimeSpan pause = default)
    {
        for (var offset = 0; offset < bytes.Length; offset += size)
        {
            await SendAsync(bytes.Slice(offset, Math.Min(size, bytes.Length - offset)));
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause);
            else
                await Task.Yield();
        }
    }

    /// <summary>The next message, or null at the end of the stream, which a reset counts as.</summary>
    public async Task<BackendMessage?> TryReadAsync(TimeSpan? timeout = null)
    {
        const int HeaderLength = 5;
        if (!await FillAsync(HeaderLength, timeout))
            return null;
        var type = (char)_buffer[_start];
        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + 1)) - 4;
        Assert.True(length >= 0, $"message {type} with length {length + 4}");
        if (!await FillAsync(HeaderLength + length, timeout))
            return null;
        var payload = _buffer.AsSpan(_start + HeaderLength, length).ToArray();
        _start += HeaderLength + length;
        return new(type, payload);
    }

    public async Task<BackendMessage> ReadAsync(TimeSpan? timeout = null) =>
        await TryReadAsync(timeout) ?? throw new EndOfStreamException("connection closed where a message was expected");

    /// <summary>One bare byte, as the answer to SSLRequest is.</summary>
    public async Task<char> ReadByteAsync()
    {
        Assert.True(await FillAsync(1, null), "connection closed where a byte was expected");
        return (char)_buffer[_start++];
    }

    /// <summary>Reads to the end of the stream and returns what came on the way.</summary>
    public async Task<IReadOnlyList<BackendMessage>> ReadToEndAsync(TimeSpan? timeout = null)
    {
        var messages = new List<BackendMessage>();
        while (await TryReadAsync(timeout) is { } message)
            messages.Add(message);
        return messages;
    }

    /// <summary>Whether the other side stays silent, and connected, for a while.</summary>
    public async Task<bool> IsSilentForAsync(TimeSpan time)
    {
        try
        {
            await FillAsync(1, time);
            return false;
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with a reset: what a killed process with unread data does.</summary>
    public void Abort()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public ValueTask DisposeAsync()
    {
        _encrypted?.Dispose();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<RawClient> ConnectAsync(Socket socket, EndPoint endPoint)
    {
        try
        {
            using var limit = new CancellationTokenSource(DefaultTimeout);
            await socket.ConnectAsync(endPoint, limit.Token);
            return new(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async ValueTask<bool> FillAsync(int count, TimeSpan? timeout)
    {
        if (_end - _start >= count)
            return true;
        using var limit = new CancellationTokenSource(timeout ?? DefaultTimeout);
        MakeRoom(count);
        while (_end - _start < count)
        {
            try
            {
                var received = _encrypted is null
                    ? await _socket.ReceiveAsync(_buffer.AsMemory(_end), limit.Token)
                    : await _encrypted.ReadAsync(_buffer.AsMemory(_end), limit.Token);
                if (received == 0)
                    return false;
                _end += received;
            }
            catch (Exception e) when (e.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionReset })
            {
                return false;
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"nothing to read for {(timeout ?? DefaultTimeout).TotalSeconds} s; {_end - _start} bytes of {count} there");
            }
        }

        return true;
    }

    private void MakeRoom(int count)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_buffer.Length < count)
            Array.Resize(ref _buffer, Math.Max(count, _buffer.Length * 2));
    }
}
