using Tigger.Kernel;
using Tigger.Kernel.Calls;
using Tigger.Kernel.Slots;
using Tigger.Mirroring;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Sessions;

namespace Tigger.Handover;

/// <summary>
/// The kernel path as pools and sessions use it: whose slot is whose, and what the programs report. A record of the ring
/// buffer is a hint; what is done about it is decided by a call.
/// </summary>
public sealed class KernelPools : IDisposable
{
    private static readonly TimeSpan LongestDelivery = TimeSpan.FromSeconds(10);

    /// <summary>A worker that is out of memory tries again after some milliseconds: nothing is wrong then, only late.</summary>
    private static readonly TimeSpan LongestMove = TimeSpan.FromMilliseconds(100);

    private readonly ClientSession?[] _clients = new ClientSession?[SlotLimits.Clients];
    private readonly ServerConnection?[] _servers = new ServerConnection?[SlotLimits.Servers];
    private readonly ServerPool?[] _pools = new ServerPool?[SlotLimits.Pools];
    private readonly KernelEvents _events;

    /// <summary>Takes <paramref name="path"/> over.</summary>
    public KernelPools(KernelPath path)
    {
        Path = path;
        Mirrors = new KernelMirrors(this);
        _events = path.Listen(OnEvent);
    }

    public KernelPath Path { get; }

    internal KernelMirrors Mirrors { get; }

    /// <summary>Null: connections to other hosts may be the kernel's; else why not.</summary>
    public string? NoRemoteReason { get; init; }

    /// <summary>The same of connections to PostgreSQL.</summary>
    public string? NoRemoteServerReason { get; init; }

    /// <summary>Null: clients on other hosts may be the kernel's in front of PostgreSQL on another host, too; else why not.</summary>
    public string? NoBothRemoteReason { get; init; }

    /// <summary>The session that has the slot; null when it has ended.</summary>
    internal ClientSession? Client(ClientKey key) =>
        !key.IsNone && Volatile.Read(ref _clients[key.Slot]) is { } session && session.Slot == key ? session : null;

    internal ServerConnection? Server(ServerKey key) =>
        !key.IsNone && Volatile.Read(ref _servers[key.Slot]) is { } server && server.Slot == key ? server : null;

    /// <summary>
    /// The client that has a server, also when the programs have left both to C# in the middle; for display, a link may begin or
    /// end at any moment.
    /// </summary>
    internal ClientSession? ClientOf(in ServerSlot server) => Volatile.Read(ref _clients[server.Client]);

    /// <summary>The other way round, for display too.</summary>
    internal ServerConnection? ShownServerOf(in ClientSlot client) => Volatile.Read(ref _servers[client.Server]);

    /// <summary>The server that the kernel has linked to a client.</summary>
    internal ServerConnection? ServerOf(in ClientSlot client) =>
        client.State == ClientSlotState.Linked ? Volatile.Read(ref _servers[client.Server]) : null;

    /// <summary>Our sends to this client may be taken away while it reads too slowly.</summary>
    internal unsafe void Watch(LoopSocket socket, ClientKey client) => socket.WatchRefusals(Path.Slots.ClientRefusals(client.Slot));

    /// <summary>The same for a backend.</summary>
    internal unsafe void Watch(LoopSocket socket, ServerKey server) => socket.WatchRefusals(Path.Slots.ServerRefusals(server.Slot));

    /// <summary>
    /// Whether a linked server was given to a client that waited and has not answered it yet; for display. That a request came
    /// by TCP is remembered for as long as the link lasts, so its answer is looked for, too.
    /// </summary>
    internal bool IsUnanswered(in ServerSlot server)
    {
        ref readonly ClientSlot client = ref Path.Slots.Client(server.Client);
        ClientSlotFlags flags = client.Flags;
        return (flags & ClientSlotFlags.Unconfirmed) != 0 || ((flags & ClientSlotFlags.ByTcp) != 0 && client.QueryStart != 0);
    }

    internal void Add(ClientSession session) => Volatile.Write(ref _clients[session.Slot.Slot], session);

    internal void Add(ServerConnection server) => Volatile.Write(ref _servers[server.Slot.Slot], server);

    internal void Add(ServerPool pool) => Volatile.Write(ref _pools[pool.KernelNumber], pool);

    internal void Remove(ServerPool pool)
    {
        Volatile.Write(ref _pools[pool.KernelNumber], null);
        Path.FreePool(pool.KernelNumber);
    }

    /// <summary>The session is over: its slot is another's from now on.</summary>
    internal void Remove(ClientSession session)
    {
        Interlocked.CompareExchange(ref _clients[session.Slot.Slot], null, session);
        Path.Unclaim(session.Slot);
    }

    /// <summary>The server's connection is closed. May be called again.</summary>
    internal void Remove(ServerConnection server)
    {
        Interlocked.CompareExchange(ref _servers[server.Slot.Slot], null, server);
        Path.Forget(server.Slot);
    }

    /// <summary>Takes the client, waiting out a delivery that is under way: that takes microseconds.</summary>
    internal TakeResult Take(ClientKey client)
    {
        TakeResult taken = default;
        UntilDelivered(() => (taken = Path.Take(client)).Result);
        return taken;
    }

    /// <summary>The same for a server, and its client's link with it.</summary>
    internal ServerResult TakeServer(ServerKey server)
    {
        ServerResult taken = default;
        UntilDelivered(() => (taken = Path.TakeServer(server)).Result);
        return taken;
    }

    /// <summary>
    /// Waits until what has arrived from either is where C# reads it, or gone on, now that C# has them: only then is the end of a
    /// stream the end, and what they are sent in no worker's way.
    /// </summary>
    internal void Settle(ClientKey client, ServerKey server) =>
        SpinWait.SpinUntil(() => Path.Settle(client, server) != CallResult.Retry, LongestMove);

    /// <summary>
    /// Stops listening. The programs go with the process, which ends next: until then threads that still close connections
    /// may call them.
    /// </summary>
    public void Dispose()
    {
        _events.Dispose();
        Mirrors.Dispose();
    }

    /// <summary>Sessions of this database that the kernel has, copied or not, look whether that is still right. Any lock may be held.</summary>
    internal void MirrorsChanged(MirrorGroup mirrors)
    {
        foreach (ClientSession? session in _clients)
        {
            if (session?.Login.Database.Mirrors == mirrors)
            {
                session.Socket.Defer();
            }
        }
    }

    /// <summary>The backend, or a worker of the kernel, is inside one send(); it can be preempted there, not stopped.</summary>
    private static void UntilDelivered(Func<CallResult> call)
    {
        if (call() == CallResult.Retry && !SpinWait.SpinUntil(() => call() != CallResult.Retry, LongestDelivery))
        {
            throw new InvalidOperationException("a delivery does not end");
        }
    }

    private void OnEvent(KernelEvent happened)
    {
        ClientKey client = new(happened.Slot, happened.Generation);
        switch (happened.Kind)
        {
            case KernelEventKind.Parked:
                Server(new ServerKey(happened.Slot, happened.Generation))?.TakeParked();
                break;
            case KernelEventKind.Waiting:
                Volatile.Read(ref _pools[happened.Slot])?.EnsureServers();
                break;
            case KernelEventKind.Taken:
                Client(client)?.Wake();
                break;
            case KernelEventKind.ToSend:
                Client(client)?.SendWaiting();
                break;
        }
    }
}
