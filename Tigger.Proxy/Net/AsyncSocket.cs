namespace Tigger.Net;

/// <summary>
/// Awaitable reads and writes over a <see cref="LoopSocket"/>, for what is rare: logins, the admin console, cancel requests.
/// Continuations run on the thread pool, never on the loop. One reader and one writer at a time.
/// </summary>
public sealed class AsyncSocket : ISocketHandler
{
    private readonly AsyncSignal _readable = new();
    private readonly AsyncSignal _writable = new();

    /// <summary>Takes the descriptor over and registers it with the loop.</summary>
    public AsyncSocket(EventLoop loop, int descriptor)
    {
        Socket = new LoopSocket(loop, descriptor, this);
        Transport = new PlainTransport(Socket);
        loop.Register(Socket);
    }

    public LoopSocket Socket { get; }

    /// <summary>What is read and written; encryption is put in front of the socket during the login.</summary>
    public RelayTransport Transport { get; set; }

    public void OnReady(SocketEvents events)
    {
        if ((events & (SocketEvents.Readable | SocketEvents.Ended)) != 0)
        {
            _readable.Set();
        }

        if ((events & (SocketEvents.Writable | SocketEvents.HangUp | SocketEvents.Error)) != 0)
        {
            _writable.Set();
        }
    }

    /// <summary>Bytes read, 0 at the end of the stream.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (true)
        {
            int count = Transport.Receive(buffer.Span);
            if (count >= 0)
            {
                return count;
            }

            if (count != LoopSocket.WouldBlock)
            {
                throw SocketFailure.Create("recv", -count);
            }

            await _readable.WaitAsync(cancellation);
        }
    }

    /// <summary>Returns when the kernel has taken all bytes.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        while (!data.IsEmpty)
        {
            int count = Transport.Send(data.Span);
            if (count >= 0)
            {
                data = data[count..];
            }
            else if (count == LoopSocket.WouldBlock)
            {
                await _writable.WaitAsync(cancellation);
            }
            else
            {
                throw SocketFailure.Create("send", -count);
            }
        }
    }

    /// <summary>Waits until there may be something to read.</summary>
    public ValueTask ReadableAsync(CancellationToken cancellation) => _readable.WaitAsync(cancellation);

    /// <summary>Waits until the kernel may take something.</summary>
    public ValueTask WritableAsync(CancellationToken cancellation) => _writable.WaitAsync(cancellation);

    /// <summary>Waits for a non-blocking connect to end; 0 or the error number.</summary>
    public async ValueTask<int> ConnectedAsync(CancellationToken cancellation)
    {
        await _writable.WaitAsync(cancellation);
        return Socket.TakeError();
    }
}
