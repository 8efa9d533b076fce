using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using Tigger.Kernel.Calls;

namespace Tigger.Net;

/// <summary>
/// A non-blocking stream socket registered with one loop. Not thread-safe by itself: whoever reads, writes or closes holds the
/// owner's lock, so that a descriptor number is never used after it was closed.
/// </summary>
public sealed unsafe class LoopSocket(EventLoop loop, int descriptor, ISocketHandler handler)
{
    /// <summary>Result of <see cref="Receive"/> and <see cref="Send"/>: nothing can be moved now; an event will tell when.</summary>
    public const int WouldBlock = -LinuxConstants.ErrorAgain;

    private volatile ISocketHandler _handler = handler;
    private uint _missed;

    public EventLoop Loop { get; } = loop;

    public int Descriptor { get; private set; } = descriptor;

    /// <summary>Slot and generation in the loop's table; tells late events of a closed socket from those of its successor.</summary>
    public ulong Token { get; internal set; }

    public bool IsOpen => Descriptor >= 0;

    /// <summary>Bytes read and written since the connection began, the login's included; they stay when it is closed.</summary>
    public long BytesReceived { get; private set; }

    public long BytesSent { get; private set; }

    /// <summary>The same for the programs in the kernel, modulo 2^32.</summary>
    internal TcpCounts Counts => new((uint)BytesSent, (uint)BytesReceived);

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
            if (count < 0)
            {
                return -Marshal.GetLastPInvokeError();
            }

            BytesReceived += count;
            return (int)count;
        }
    }

    /// <summary>Bytes taken by the kernel, <see cref="WouldBlock"/>, or another negated error number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Send(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            nint count = LibC.Send(Descriptor, start, (nuint)data.Length, LinuxConstants.MessageNoSignal);
            if (count < 0)
            {
                return -Marshal.GetLastPInvokeError();
            }

            BytesSent += count;
            return (int)count;
        }
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
