using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tigger.Net;

/// <summary>
/// A non-blocking stream socket registered with one loop. Not thread-safe by itself: whoever reads, writes or closes holds the
/// owner's lock, so that a descriptor number is never used after it was closed.
/// </summary>
public sealed unsafe class LoopSocket(EventLoop loop, int descriptor, ISocketHandler handler)
{
    /// <summary>Result of <see cref="Receive"/> and <see cref="Send"/>: nothing can be moved now; an event will tell when.</summary>
    public const int WouldBlock = -LinuxConstants.ErrorAgain;

    // What fits one message of the kernel's even in single pages: an sk_msg has 17 elements.
    private const int MostAtOnce = 64 * 1024;

    private volatile ISocketHandler _handler = handler;
    private uint _missed;
    private uint* _refusals;
    private uint _refusalsSeen;

    public EventLoop Loop { get; } = loop;

    public int Descriptor { get; private set; } = descriptor;

    /// <summary>Slot and generation in the loop's table; tells late events of a closed socket from those of its successor.</summary>
    public ulong Token { get; internal set; }

    public bool IsOpen => Descriptor >= 0;

    /// <summary>
    /// Who hears of readiness. A new handler must begin by trying to read and write: the edge that says there is something
    /// may already have been told to the one before.
    /// </summary>
    public ISocketHandler Handler
    {
        get => _handler;
        set => _handler = value;
    }

    /// <summary>Bytes read (0 = end of stream), <see cref="WouldBlock"/>, or another negated error number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count = LibC.Receive(Descriptor, start, (nuint)buffer.Length, 0);
            return count >= 0 ? (int)count : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Bytes taken by the kernel, <see cref="WouldBlock"/>, or another negated error number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Send(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            // A program takes a message of the kernel's away whole or not at all; one send may not become two.
            int length = _refusals == null ? data.Length : Math.Min(data.Length, MostAtOnce);
            nint count = LibC.Send(Descriptor, start, (nuint)length, LinuxConstants.MessageNoSignal);
            return count < 0 ? -Marshal.GetLastPInvokeError()
                : _refusals != null && *_refusals != _refusalsSeen ? Refused()
                : (int)count;
        }
    }

    /// <summary>
    /// From now on the kernel path may take a send away, because a receiver of this host has too much unread: it says so in
    /// this counter, and no event tells when that is over, so the loop tries again. The memory must live as long as this.
    /// </summary>
    internal void WatchRefusals(uint* counter)
    {
        _refusalsSeen = *counter;
        _refusals = counter;
    }

    private int Refused()
    {
        _refusalsSeen = *_refusals;
        Loop.TryLater(this);
        return WouldBlock;
    }

    /// <summary>Calls the handler again, with no events, after the loop has given all other sockets a turn. Any thread may call.</summary>
    public void Defer() => Loop.Defer(this);

    /// <summary>Keeps events that could not be dealt with now for the socket's next turn.</summary>
    internal void DeferMissed(SocketEvents events)
    {
        Interlocked.Or(ref _missed, (uint)events);
        Defer();
    }

    /// <summary>What was kept by <see cref="DeferMissed"/>.</summary>
    internal SocketEvents TakeMissed() =>
        Volatile.Read(ref _missed) == 0 ? SocketEvents.None : (SocketEvents)Interlocked.Exchange(ref _missed, 0);

    public void ShutdownWrite() => _ = LibC.Shutdown(Descriptor, LinuxConstants.ShutdownWrite);

    /// <summary>The pending error of a non-blocking connect, 0 when it succeeded (SO_ERROR).</summary>
    public int TakeError()
    {
        int value = 0;
        uint length = sizeof(int);
        return LibC.GetSocketOption(Descriptor, LinuxConstants.LevelSocket, LinuxConstants.OptionError, &value, &length) < 0
            ? Marshal.GetLastPInvokeError()
            : value;
    }

    /// <summary>Whether <see cref="Receive"/> would tell something: bytes, the end of the stream or an error.</summary>
    internal bool HasUnread
    {
        get
        {
            byte one;
            return LibC.Receive(Descriptor, &one, 1, LinuxConstants.MessagePeek) >= 0
                || Marshal.GetLastPInvokeError() != LinuxConstants.ErrorAgain;
        }
    }

    /// <summary>SO_COOKIE: the socket's identity in the kernel.</summary>
    /// <exception cref="IOException">It cannot be had.</exception>
    internal ulong Cookie
    {
        get
        {
            ulong value = 0;
            uint length = sizeof(ulong);
            return LibC.GetSocketOption(Descriptor, LinuxConstants.LevelSocket, LinuxConstants.OptionCookie, (int*)&value, &length) < 0
                ? throw SocketFailure.Create("SO_COOKIE")
                : value;
        }
    }

    /// <summary>Bytes to be read, as far as the buffer has room to look at them.</summary>
    internal int Peek(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return Math.Max(0, (int)LibC.Receive(Descriptor, start, (nuint)buffer.Length, LinuxConstants.MessagePeek));
        }
    }

    /// <summary>TCP_NOTSENT_LOWAT: what a peer that does not read may make us keep, beyond what is on its way to it.</summary>
    internal void LimitUnsent(int bytes) =>
        _ = LibC.SetSocketOption(Descriptor, LinuxConstants.LevelTcp, LinuxConstants.TcpNotSentLowWater, &bytes, sizeof(int));

    /// <summary>
    /// SO_RCVBUF: what a peer may send while nobody reads. The kernel reserves twice as much, overhead included, and no more than
    /// <c>net.core.rmem_max</c>; it stops growing the buffer by itself. (TCP_WINDOW_CLAMP is no limit: the growth lifts it.)
    /// </summary>
    internal void LimitUnread(int bytes) =>
        _ = LibC.SetSocketOption(Descriptor, LinuxConstants.LevelSocket, LinuxConstants.OptionReceiveBuffer, &bytes, sizeof(int));

    /// <summary>Takes the descriptor out of the loop and returns it: it is the caller's.</summary>
    internal int Detach()
    {
        // Another process will have the connection, so closing ours would not end the events.
        Loop.Leave(this);
        int descriptor = Descriptor;
        Descriptor = -1;
        return descriptor;
    }

    /// <summary>SO_LINGER of no time: <see cref="Close"/> is going to be a reset.</summary>
    internal void ResetAtClose()
    {
        int* noTime = stackalloc int[2] { 1, 0 };
        _ = LibC.SetSocketOption(Descriptor, LinuxConstants.LevelSocket, LinuxConstants.OptionLinger, noTime, 2 * sizeof(int));
    }

    public void Close()
    {
        if (!IsOpen)
        {
            return;
        }

        Loop.Forget(this);
        _ = LibC.Close(Descriptor);
        Descriptor = -1;
    }
}
