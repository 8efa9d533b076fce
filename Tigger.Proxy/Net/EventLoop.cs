using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Tigger.Net;

/// <summary>
/// One thread with its own epoll descriptor. Sockets are registered once, edge-triggered, for both directions; their owner
/// reacts on this thread, but any thread may read from or write to them under the owner's lock.
/// </summary>
public sealed unsafe partial class EventLoop : IDisposable
{
    private const int EventsPerWait = 256;

    /// <summary>Milliseconds between two tries of a send that the kernel path refused.</summary>
    private const int RefusedPause = 1;

    private const ulong WakeUpToken = ulong.MaxValue;
    private const SocketEvents OnlyTheEnd = SocketEvents.PeerClosed | SocketEvents.EdgeTriggered;
    private const SocketEvents Everything = SocketEvents.Readable | SocketEvents.Writable | OnlyTheEnd;

    // struct epoll_event is packed on x86-64 only (sys/epoll.h).
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize - sizeof(ulong);

    private readonly ILogger _logger;
    private readonly Lock _slotsLock = new();
    private readonly Stack<int> _freeSlots = new();
    private readonly ConcurrentQueue<LoopSocket> _deferred = new();
    private readonly ConcurrentQueue<LoopSocket> _refused = new();
    private readonly int _epoll;
    private readonly int _wakeUp;
    private readonly Thread _thread;
    private LoopSocket?[] _slots = new LoopSocket?[64];
    private int _usedSlots;
    private uint _generation;
    private volatile bool _stopping;
    private long _turns;

    public EventLoop(int number, ILogger logger)
    {
        _logger = logger;
        _epoll = LibC.EpollCreate(LinuxConstants.EpollCloseOnExec);
        _wakeUp = LibC.EventFd(0, LinuxConstants.EventFdNonBlocking | LinuxConstants.EventFdCloseOnExec);
        if (_epoll < 0 || _wakeUp < 0)
        {
            throw SocketFailure.Create("epoll_create1");
        }

        Control(LinuxConstants.EpollAdd, _wakeUp, SocketEvents.Readable, WakeUpToken);
        _thread = new Thread(Run) { Name = $"loop-{number}", IsBackground = true };
    }

    /// <summary>How often it has looked for events.</summary>
    public long Turns => Volatile.Read(ref _turns);

    public void Start() => _thread.Start();

    /// <summary>Registers the socket; from now on its handler hears of it. Any thread may call.</summary>
    public void Register(LoopSocket socket)
    {
        lock (_slotsLock)
        {
            if (!_freeSlots.TryPop(out int slot))
            {
                slot = _usedSlots++;
                if (slot == _slots.Length)
                {
                    // Replaced, not resized in place: the loop thread reads the array without the lock.
                    LoopSocket?[] larger = new LoopSocket?[_slots.Length * 2];
                    _slots.CopyTo(larger, 0);
                    Volatile.Write(ref _slots, larger);
                }
            }

            socket.Token = ((ulong)++_generation << 32) | (uint)slot;
            _slots[slot] = socket;
        }

        Control(
            LinuxConstants.EpollAdd,
            socket.Descriptor,
            Everything,
            socket.Token);
    }

    /// <summary>Forgets the socket. Its owner closes the descriptor, which takes it out of epoll.</summary>
    public void Forget(LoopSocket socket)
    {
        lock (_slotsLock)
        {
            int slot = (int)(uint)socket.Token;
            _slots[slot] = null;
            _freeSlots.Push(slot);
        }
    }

    /// <summary>Forgets a socket that stays open.</summary>
    internal void Leave(LoopSocket socket)
    {
        Control(LinuxConstants.EpollDelete, socket.Descriptor, SocketEvents.None, 0);
        Forget(socket);
    }

    /// <summary>Gives the socket another turn, after all that are ready now. Any thread may call.</summary>
    internal void Defer(LoopSocket socket)
    {
        _deferred.Enqueue(socket);
        if (Thread.CurrentThread != _thread)
        {
            WakeUp();
        }
    }

    /// <summary>Tells the socket in a moment that it is writable. Any thread may call.</summary>
    internal void TryLater(LoopSocket socket)
    {
        _refused.Enqueue(socket);
        if (Thread.CurrentThread != _thread)
        {
            WakeUp();
        }
    }

    /// <summary>Only the end of the connection is told any more; a change to everything tells what is there now.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    internal void Watch(LoopSocket socket, bool everything) =>
        Control(LinuxConstants.EpollModify, socket.Descriptor, everything ? Everything : OnlyTheEnd, socket.Token);

    /// <summary>What arrives is told no more, but everything else.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    internal void WatchAllButInput(LoopSocket socket) =>
        Control(LinuxConstants.EpollModify, socket.Descriptor, SocketEvents.Writable | OnlyTheEnd, socket.Token);

    public void Dispose()
    {
        _stopping = true;
        WakeUp();
        if (_thread.IsAlive && Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }

        _ = LibC.Close(_epoll);
        _ = LibC.Close(_wakeUp);
    }

    /// <summary>Makes it look for events now. Any thread may call.</summary>
    internal void WakeUp()
    {
        ulong one = 1;
        _ = LibC.Write(_wakeUp, (byte*)&one, sizeof(ulong));
    }

    private void Control(int operation, int fd, SocketEvents events, ulong token)
    {
        byte* entry = stackalloc byte[16];
        *(uint*)entry = (uint)events;
        *(ulong*)(entry + DataOffset) = token;
        if (LibC.EpollControl(_epoll, operation, fd, entry) < 0)
        {
            throw SocketFailure.Create("epoll_ctl");
        }
    }

    private void Run()
    {
        byte* events = (byte*)NativeMemory.Alloc((nuint)(EventsPerWait * EventSize));
        while (!_stopping)
        {
            Volatile.Write(ref _turns, _turns + 1);
            int waitTime = !_deferred.IsEmpty ? 0 : _refused.IsEmpty ? -1 : RefusedPause;
            int count = LibC.EpollWait(_epoll, events, EventsPerWait, waitTime);
            for (int i = 0; i < count; i++)
            {
                byte* entry = events + (i * EventSize);
                Dispatch((SocketEvents)(*(uint*)entry), *(ulong*)(entry + DataOffset));
            }

            // Only those deferred so far: what they defer again waits for the next round.
            for (int i = _deferred.Count; i > 0 && _deferred.TryDequeue(out LoopSocket? socket); i--)
            {
                Notify(socket, SocketEvents.None);
            }

            for (int i = _refused.Count; i > 0 && _refused.TryDequeue(out LoopSocket? socket); i--)
            {
                Notify(socket, SocketEvents.Writable);
            }
        }

        NativeMemory.Free(events);
    }

    private void Dispatch(SocketEvents events, ulong token)
    {
        if (token == WakeUpToken)
        {
            ulong count;
            _ = LibC.Read(_wakeUp, (byte*)&count, sizeof(ulong));
            return;
        }

        int slot = (int)(uint)token;
        LoopSocket?[] slots = Volatile.Read(ref _slots);

        // A socket closed earlier in this batch has left its slot or the slot has a new token: the event is stale.
        if (slot < 0 || slot >= slots.Length || slots[slot] is not { } socket || socket.Token != token)
        {
            return;
        }

        Notify(socket, events);
    }

    private void Notify(LoopSocket socket, SocketEvents events)
    {
        try
        {
            socket.Handler.OnReady(events);
        }
#pragma warning disable CA1031 // One session's fault must not end the loop that serves all others.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogUnhandled(_logger, fault);
        }
    }

    [LoggerMessage(1900, LogLevel.Critical, "unhandled fault in an event handler")]
    private static partial void LogUnhandled(ILogger logger, Exception fault);
}
