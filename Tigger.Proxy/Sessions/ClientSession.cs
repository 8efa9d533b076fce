using Microsoft.Extensions.Logging;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Protocol;
using Tigger.Relay;

namespace Tigger.Sessions;

/// <summary>
/// One logged-in client. Its life by file: requests to the server (<c>.Requests</c>), replies from it (<c>.Replies</c>), taking
/// and giving back a server (<c>.Link</c>), the end (<c>.End</c>). One lock guards the session and the server linked to it;
/// whichever thread has an event of either does the work. A server given back under the lock is lent on after it.
/// </summary>
public sealed partial class ClientSession : ISocketHandler
{
    // What a client that does not read may leave in the send buffer, in budgets; TCP's own limit is 4 MB and more.
    private const int UnsentBudgets = 4;

    private readonly RelayTransport _transport;
    private readonly int _maximumMessage;

    // Bytes owed to the client that its socket did not take; while there are any, its server is not read.
    private readonly PendingBytes _out = new();

    // Bytes of the client not forwarded yet: a request that waits for a server, or an incomplete header.
    private readonly PendingBytes _held = new();

    private readonly ReplyLedger _ledger = new();
    private MessageFramer _framer;
    private ServerConnection? _server;
    private ServerConnection? _freed;
    private SessionState _state = SessionState.Idle;
    private bool _readable = true;
    private bool _hungUp;

    // The login may have been told of the end of the stream, and the edge does not come again: a short read proves nothing
    // until one read has found the socket empty.
    private bool _edgesUnknown = true;
    private bool _heldIsRequest;

    // Read once per event: on many virtual machines the clock costs as much as a system call.
    private long _now;
    private long _requestedAt;
    private SessionCounters _counters;

    internal ClientSession(SessionLogin login, LoopSocket socket, RelayTransport transport)
    {
        Login = login;
        Pool = login.Pool;
        Parameters = login.Parameters;
        Socket = socket;
        _transport = transport;
        _maximumMessage = login.Pool.Settings.MaximumMessage;
        _framer = new MessageFramer(_maximumMessage);
        WaitPlace = new LinkedListNode<ClientSession>(this);
        RequestedAt = _now = Clock.GetTimestamp();
        _counters.Logins = 1;
    }

    public long Id => Login.Id;

    /// <summary>Who it is, as established at login.</summary>
    public SessionLogin Login { get; }

    public ServerPool Pool { get; }

    public ParameterProfile Parameters { get; private set; }

    public SessionState State => _state;

    /// <summary>The server linked now; for display, it may change at any moment.</summary>
    public ServerConnection? Server => _server;

    /// <summary>Counts of this session so far; for display, they may change at any moment.</summary>
    public SessionCounters Counters => _counters;

    /// <summary>Timestamp of the last request.</summary>
    public long RequestedAt
    {
        get => IsInKernel ? Math.Max(_requestedAt, (long)KernelSlot.RequestedAt) : _requestedAt;
        private set => _requestedAt = value;
    }

    /// <summary>Timestamp since when it has waited for a server; that of a session in the kernel is in its slot.</summary>
    public long WaitingSince { get; private set; }

    /// <summary>Place in the pool's queue; made once, so that waiting allocates nothing.</summary>
    internal LinkedListNode<ClientSession> WaitPlace { get; }

    internal LoopSocket Socket { get; }

    private Lock Sync { get; } = new();

    private SessionTable Table => Login.Table;

    private TimeProvider Clock => Pool.Clock;

    private ILogger Logger => Table.Logger;

    public void OnReady(SocketEvents events)
    {
        if (!TryEnter(Socket, events))
        {
            return;
        }

        ServerConnection? freed;
        try
        {
            _now = Clock.GetTimestamp();
            Note(events | Socket.TakeMissed());
            if (_state == SessionState.Closing)
            {
                DrainUntilClosed();
            }
            else if (IsInKernel && !ComesBack())
            {
                return;
            }
            else if (_state != SessionState.Closed)
            {
                Pump();
            }

            freed = TakeFreed();
        }
        finally
        {
            Sync.Exit();
        }

        GiveBack(freed);
    }

    /// <summary>The linked server's socket is ready. False: it is not linked to this client any more.</summary>
    internal bool OnServerReady(ServerConnection server, SocketEvents events)
    {
        if (!TryEnter(server.Socket, events))
        {
            return true;
        }

        ServerConnection? freed;
        try
        {
            if (IsInKernel)
            {
                TakeBack();
            }

            if (_server != server)
            {
                return false;
            }

            _now = Clock.GetTimestamp();
            server.Note(events | server.Socket.TakeMissed());
            Pump();
            freed = TakeFreed();
        }
        finally
        {
            Sync.Exit();
        }

        GiveBack(freed);
        return true;
    }

    /// <summary>
    /// The lock, for an event of this client's or its server's socket. False: the other end's loop has it, and the event is
    /// kept for the socket's next turn, when it is waited for: a holder that the kernel has put to sleep in the middle must not
    /// make this loop spin while others have something to do.
    /// </summary>
    private bool TryEnter(LoopSocket socket, SocketEvents events)
    {
        if (events == SocketEvents.None)
        {
            Sync.Enter();
        }
        else if (!Sync.TryEnter())
        {
            socket.DeferMissed(events);
            return false;
        }

        return true;
    }

    /// <summary>Begins to serve: what the client sent behind its login, or sends now, is its first request.</summary>
    /// <param name="alreadyRead">What it sent already.</param>
    /// <param name="own">The server of a client that replicates.</param>
    internal void Start(ReadOnlySpan<byte> alreadyRead, ServerConnection? own = null)
    {
        Socket.LimitUnsent(UnsentBudgets * Pool.Settings.Global.KernelBudget);
        lock (Sync)
        {
            Hold(alreadyRead);
            if (own is not null && !TryKeep(own))
            {
                EndBy(SessionEndReason.ServerSaidWhy);
            }
            else if (own is null && !TakeSlot())
            {
                EndBy(SessionEndReason.NoSlot);
            }
        }

        BeginToServe();
    }

    /// <summary>Keeps what was read for the first turn. The lock is held.</summary>
    private void Hold(ReadOnlySpan<byte> alreadyRead)
    {
        _held.Append(alreadyRead);
        _heldIsRequest = !alreadyRead.IsEmpty;
    }

    /// <summary>Links to a server that is nobody else's. False: it is dead. The lock is held.</summary>
    private bool TryKeep(ServerConnection own)
    {
        if (!own.TryLink(this))
        {
            return false;
        }

        _server = own;
        _state = SessionState.Active;
        return true;
    }

    private void BeginToServe()
    {
        Socket.Handler = this;
        OnReady(SocketEvents.Readable | SocketEvents.Writable);
    }

    /// <summary>Looks again at everything that may have been held back: after RESUME, or when a suspended relay goes on.</summary>
    internal void Wake() => OnReady(SocketEvents.None);

    private void Note(SocketEvents events)
    {
        if ((events & (SocketEvents.Readable | SocketEvents.Ended)) != 0)
        {
            _readable = true;
        }

        if ((events & SocketEvents.Ended) != 0)
        {
            _hungUp = true;
        }
    }

    /// <summary>Reads from one connection before others get a turn; <c>sbuf_loopcnt</c>.</summary>
    private int TurnsAtOnce => Pool.Settings.Global.SbufLoopcnt is > 0 and var turns ? turns : int.MaxValue;

    /// <summary>Moves whatever can be moved. The lock is held.</summary>
    private void Pump()
    {
        if (!_out.IsEmpty && !FlushOut())
        {
            return;
        }

        PumpReplies();
        PumpRequests();
        if (_server is { Readable: true })
        {
            // Broken while requests were sent, or linked with something unread.
            PumpReplies();
        }
    }

    private ServerConnection? TakeFreed()
    {
        ServerConnection? freed = _freed;
        _freed = null;
        return freed;
    }

    /// <summary>Lends a freed server on, then goes on with what the client sent meanwhile. No lock is held.</summary>
    private void GiveBack(ServerConnection? freed)
    {
        while (freed is not null)
        {
            Pool.HandOn(freed);
            lock (Sync)
            {
                if (_state == SessionState.Idle)
                {
                    Pump();
                }

                freed = TakeFreed();
            }
        }

        if (Table.IsDraining)
        {
            EndIfIdle(SessionEndReason.Drained);
        }
        else
        {
            HandToKernel();
        }
    }
}
