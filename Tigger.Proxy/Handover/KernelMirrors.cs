using Tigger.Kernel.Calls;
using Tigger.Kernel.Copies;
using Tigger.Kernel.Interop;
using Tigger.Kernel.Slots;
using Tigger.Mirroring;
using Tigger.Net;
using Tigger.Pooling;

namespace Tigger.Handover;

/// <summary>
/// Mirroring on the kernel path: what the programs copy is brought to the sessions' taps, and what they say of the answers of
/// mirrors to the mirrors' connections. Nothing runs before the first session is mirrored.
/// </summary>
internal sealed class KernelMirrors(KernelPools kernel) : IDisposable
{
    /// <summary>A program that was interrupted between two instructions; else a copy is there as soon as its client can be taken.</summary>
    private static readonly TimeSpan LongestCopy = TimeSpan.FromMilliseconds(100);

    /// <summary>A record that says of an answer may find no room; then it is found this much later.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMilliseconds(500);

    private readonly MirrorConnection?[] _connections = new MirrorConnection?[SlotLimits.Mirrors];
    private readonly Lock _starting = new();
    private volatile CopyReader? _reader;
    private Timer? _timer;
    private bool _disposed;

    /// <summary>Copies are about to come.</summary>
    public void Start()
    {
        if (_reader is not null)
        {
            return;
        }

        lock (_starting)
        {
            if (!_disposed)
            {
                _reader ??= kernel.Path.ReadCopies(Receive);
            }
        }
    }

    /// <summary>Brings everything to the tap that was copied of a client that C# has taken. The session's lock is held.</summary>
    /// <param name="tap">The client's.</param>
    /// <param name="client">The client.</param>
    public void Settle(KernelTap tap, ClientKey client)
    {
        ref readonly ClientSlot slot = ref kernel.Path.Slots.Client(client.Slot);
        SpinWait wait = default;
        long since = Environment.TickCount64;
        while (!tap.HasAll(slot) && Environment.TickCount64 - since < LongestCopy.TotalMilliseconds)
        {
            if (_reader?.Consume() is not > 0)
            {
                wait.SpinOnce();
            }
        }
    }

    /// <summary>Brings everything to the taps that has been copied.</summary>
    public void CatchUp() => _reader?.Consume();

    public ref MirrorSlot Slot(int slot) => ref kernel.Path.Mirror(slot);

    /// <summary>
    /// Has the replies of a mirror's connection thrown away in the kernel. Nothing has been asked on it yet.
    /// </summary>
    /// <returns>Null: they have to be read from the socket.</returns>
    public KernelReplies? Enter(ServerConnection server)
    {
        if (server.Transport is not PlainTransport || server.RemoteEndPoint is null)
        {
            return null;
        }

        Start();
        ulong cookie = server.Socket.Cookie;
        try
        {
            int slot = kernel.Path.EnterMirror(server.Socket.Descriptor, cookie);
            return slot < 0 ? null : new KernelReplies(this, server, slot, cookie);
        }
        catch (BpfException)
        {
            // It has another program.
            return null;
        }
    }

    /// <summary>The connection is to hear of its answers from now on.</summary>
    public void Add(int slot, MirrorConnection connection)
    {
        Volatile.Write(ref _connections[slot], connection);
        _timer ??= new Timer(_ => WakeAll(), null, LongestSilence, LongestSilence);
    }

    /// <summary>The connection is being closed.</summary>
    public void Leave(int slot, ulong cookie)
    {
        Volatile.Write(ref _connections[slot], null);
        kernel.Path.LeaveMirror(slot, cookie);
    }

    public void Dispose()
    {
        lock (_starting)
        {
            _disposed = true;
        }

        _timer?.Dispose();
        _reader?.Dispose();
    }

    private void WakeAll()
    {
        foreach (MirrorConnection? connection in _connections)
        {
            connection?.Wake();
        }
    }

    private void Receive(in CopyHead head, ReadOnlySpan<byte> bytes)
    {
        if (head.Kind == CopyKind.Answered)
        {
            Volatile.Read(ref _connections[head.Slot])?.Wake();
        }
        else
        {
            ServerConnection? server = kernel.Server(new ServerKey(head.Server, head.ServerGeneration));
            kernel.Client(new ClientKey(head.Slot, head.Generation))?.KernelTap?.Take(head, bytes, server?.Identity.ProcessId ?? 0);
        }
    }
}
