using System.Net;
using Tigger.Net;
using Tigger.Prepared;
using Tigger.Protocol;
using Tigger.Relay;
using Tigger.Sessions;

namespace Tigger.Pooling;

/// <summary>
/// One logged-in connection to PostgreSQL. While linked, everything in it is guarded by the client's lock; otherwise by its
/// own. Locks are taken in the order client, server, pool, queue.
/// </summary>
public sealed partial class ServerConnection : ISocketHandler
{
    private static long _lastId;

    private volatile ClientSession? _client;
    private volatile bool _dead;
    private volatile ServerState _state = ServerState.InTransit;
    private long _lastUsedAt;

    internal ServerConnection(
        ServerPool pool, LoopSocket socket, RelayTransport transport, ServerIdentity identity, ParameterProfile parameters)
    {
        Pool = pool;
        Socket = socket;
        Transport = transport;
        Identity = identity;
        Parameters = AtLogin = parameters;
        Statements = new ServerStatements(pool.StatementTable);
        MaximumMessage = pool.Settings.MaximumMessage;
        Framer = new MessageFramer(MaximumMessage);
        IdlePlace = new LinkedListNode<ServerConnection>(this);
        Traces = new SessionTraces(pool.Tracked);
        ConnectedAt = _lastUsedAt = pool.Clock.GetTimestamp();
        ConnectedTime = pool.Clock.GetUtcNow();
    }

    public long Id { get; } = Interlocked.Increment(ref _lastId);

    public ServerPool Pool { get; }

    public ServerIdentity Identity { get; }

    /// <summary>The client served now. Set and cleared under both locks; read by anyone.</summary>
    public ClientSession? Client => IsInKernel ? _kernel!.ClientOf(KernelSlot) : _client;

    public ServerState State
    {
        get => IsInKernel ? StateInKernel : _state;
        internal set => _state = value;
    }

    /// <summary>Timestamp of the login, and of the last time a client gave it back.</summary>
    public long ConnectedAt { get; }

    public long LastUsedAt
    {
        get => IsInKernel ? Math.Max(_lastUsedAt, (long)KernelSlot.LastUsed) : _lastUsedAt;
        internal set => _lastUsedAt = value;
    }

    public DateTimeOffset ConnectedTime { get; }

    /// <summary>The ParameterStatus messages of its login, in PostgreSQL's order.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Greeting { get; init; }

    /// <summary>Some client has used it.</summary>
    public bool Served { get; private set; }

    /// <summary>A client has used it since the reset query last ran.</summary>
    internal bool NeedsReset { get; set; }

    /// <summary>What clients have left behind in its session.</summary>
    internal SessionTraces Traces { get; }

    /// <summary>It stays with its client, which has changed the session; guarded by the client's lock.</summary>
    internal bool IsPinned { get; set; }

    /// <summary>Close at the next release: RECONNECT, a changed database, or a doubt about its state.</summary>
    public bool CloseNeeded { get; internal set; }

    /// <summary>The socket is closed or useless; whoever finds it takes another.</summary>
    public bool IsDead => _dead;

    public ParameterProfile Parameters { get; internal set; }

    public IPEndPoint? RemoteEndPoint => Identity.Remote;

    /// <summary>What named statements it has, as far as they came through the pooler.</summary>
    internal ServerStatements Statements { get; }

    internal Lock Sync { get; } = new();

    internal LoopSocket Socket { get; }

    internal RelayTransport Transport { get; }

    internal int MaximumMessage { get; }

    /// <summary>Position in the stream PostgreSQL sends; a field, because walking changes it in place.</summary>
    internal MessageFramer Framer;

    /// <summary>Requests the server's socket did not take yet.</summary>
    internal PendingBytes Out { get; } = new();

    /// <summary>The beginning of a reply that must be complete before it may go on.</summary>
    internal PendingBytes Held { get; } = new();

    /// <summary>
    /// How many bytes at the front of <see cref="Held"/> the client has already: what the kernel path had delivered of a header
    /// when the link was taken from it, 0 to 5. They are held for walking and not sent again.
    /// </summary>
    internal int HeldSent { get; set; }

    /// <summary>The client has seen a part of a message of this server: nothing else may be said to it.</summary>
    internal bool ClientIsMidMessage => HeldSent > 0 || !Framer.AtBoundary;

    /// <summary>An edge said there is something to read, and no read has said "would block" since.</summary>
    internal bool Readable { get; set; }

    /// <summary>The peer closed or the connection broke: read to the very end.</summary>
    internal bool HungUp { get; set; }

    /// <summary>Status of the last ReadyForQuery.</summary>
    internal byte Status { get; set; } = TransactionStatus.Idle;

    /// <summary>PostgreSQL said why it will close this connection (severity FATAL or PANIC).</summary>
    internal bool ToldFatal { get; set; }

    internal ServerTask Task { get; set; }

    /// <summary>Cancel requests on their way to this backend.</summary>
    internal int CancelsPending { get; set; }

    /// <summary>Place on the pool's idle list; made once, so that going idle allocates nothing.</summary>
    internal LinkedListNode<ServerConnection> IdlePlace { get; }

    public void OnReady(SocketEvents events)
    {
        while (true)
        {
            ClientSession? client = _client;
            if (IsInKernel)
            {
                if (OnKernelReady(events))
                {
                    return;
                }
            }
            else if (client is not null)
            {
                if (client.OnServerReady(this, events))
                {
                    return;
                }
            }
            else if (OnUnlinkedReady(events))
            {
                return;
            }

            // It changed hands between the look and the lock: look again.
        }
    }

    /// <summary>What of the next bytes to go on the client does not have yet; they begin with what was held.</summary>
    internal ReadOnlySpan<byte> WithoutHeldSent(ReadOnlySpan<byte> replies)
    {
        int sent = Math.Min(HeldSent, replies.Length);
        HeldSent -= sent;
        return replies[sent..];
    }

    /// <summary>Remembers what an event said; reading is up to whoever owns the server.</summary>
    internal void Note(SocketEvents events)
    {
        if ((events & (SocketEvents.Readable | SocketEvents.Ended)) != 0)
        {
            Readable = true;
        }

        if ((events & SocketEvents.Ended) != 0)
        {
            HungUp = true;
        }
    }

    /// <summary>Links to a client whose lock is held. False: the server died, take another.</summary>
    internal bool TryLink(ClientSession client)
    {
        lock (Sync)
        {
            if (_dead)
            {
                return false;
            }

            _client = client;
            Served = NeedsReset = true;
            State = ServerState.Active;
            Traces.LinkBegins(TransactionStatus.Idle);
            return true;
        }
    }

    /// <summary>Unlinks from a client that turned out to need another; its lock is held.</summary>
    internal void ReturnUnused()
    {
        lock (Sync)
        {
            _client = null;
            NeedsReset = false;
            State = ServerState.InTransit;
        }
    }

    /// <summary>Unlinks from the client whose lock is held. False: a cancel is on its way here, keep it out of the pool.</summary>
    internal bool Unlink(long now)
    {
        lock (Sync)
        {
            _client = null;
            IsPinned = false;
            LastUsedAt = now;
            State = CancelsPending == 0 ? ServerState.InTransit : ServerState.BeingCanceled;
            return State == ServerState.InTransit;
        }
    }

    /// <summary>
    /// Closes the socket; a server between two messages is told so first (Terminate). Its owner's lock is held, and the caller
    /// lets the pool forget it.
    /// </summary>
    internal void Close(bool sayGoodbye)
    {
        lock (Sync)
        {
            if (_dead)
            {
                return;
            }

            _dead = true;
            _client = null;
            State = ServerState.Closed;
            _authQuery?.Fail(ReasonOfFailure, lostServer: _authQuery.Reply.Fault is null);
            if (sayGoodbye && Out.IsEmpty)
            {
                _ = Transport.Send(Terminate.Message);
            }

            Out.Release();
            Held.Release();
            Notifications.Release();
            Statements.Release();
            ResetIfUnread();
            Transport.Close();
            LeaveRemote();
        }
    }
}
