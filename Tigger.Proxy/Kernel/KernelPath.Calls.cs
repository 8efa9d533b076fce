using System.Net;
using Tigger.Kernel.Calls;
using Tigger.Kernel.Slots;

namespace Tigger.Kernel;

/// <summary>
/// The calls: each is one program run on the calling thread, under the lock of the pool; about a microsecond. A
/// <see cref="CallResult.Stale"/> or <see cref="CallResult.Missing"/> is an ordinary answer; what cannot happen throws.
/// </summary>
public sealed partial class KernelPath
{
    private readonly KernelCalls _calls;

    /// <summary>The session of an accepted connection takes the slot of its client's socket.</summary>
    /// <param name="local">The accepted socket's own address.</param>
    /// <param name="remote">The client's, as the accepted socket sees it.</param>
    /// <param name="pool">The pool's number.</param>
    /// <returns>Missing: the client is on another host or in another network namespace, or there was no slot for it.</returns>
    public ClaimResult Claim(IPEndPoint local, IPEndPoint remote, int pool)
    {
        // The client's end: what is remote here is local there.
        ClaimCall call = new() { Pair = new AddressPair(_netns, remote, local), UsePair = 1, Pool = (uint)pool };
        return Run(ref call);
    }

    /// <summary>A slot without a socket, with which a session of C# can wait in the same queue as the kernel's clients.</summary>
    /// <returns>Missing: all are used.</returns>
    public ClaimResult ClaimAny(int pool)
    {
        ClaimCall call = new() { Pool = (uint)pool };
        return Run(ref call);
    }

    /// <summary>The kernel may have the client, from its next send on that finds no bytes on their way.</summary>
    /// <param name="client">A client in state User.</param>
    /// <param name="profile">Number of its parameters; 0 agrees with no server.</param>
    /// <param name="server">The server that stays linked to it, in state User; none: it has none.</param>
    /// <param name="place">If it is on another host our end of its connection has been given to <see cref="EnterRemote(int, ulong, ClientKey, RemotePlace)"/>.</param>
    /// <param name="copied">What it sends is copied for mirrors, see <see cref="ReadCopies"/>.</param>
    /// <param name="answer">Bytes that are sent to it next, and nothing else is: what it sends before it has them is for C#.</param>
    /// <returns>
    /// Done; Missing: its sockets are not in the kernel's hands, or C# has not got it; Dirty: bytes are on their way between
    /// C# and the backend, or with an answer to come, between C# and the client.
    /// </returns>
    public CallResult Arm(
        ClientKey client, ulong profile, ServerKey server = default, RemotePlace place = RemotePlace.NotClient, bool copied = false, int answer = 0)
    {
        ClientCall call = new(client)
        {
            Profile = profile,
            Server = server.Slot,
            ServerGeneration = server.Generation,
            Remote = (uint)place,
            Flags = copied ? ClientSlotFlags.Copied : ClientSlotFlags.None,
            Answer = (uint)answer,
        };
        _calls.Arm.Run(ref call);
        return call.Result;
    }

    /// <summary>C# takes the client, with its server if it has one; a waiting client keeps its place in the queue.</summary>
    /// <returns>Retry: its last reply is being delivered.</returns>
    public TakeResult Take(ClientKey client)
    {
        ClientCall call = new(client);
        _calls.Take.Run(ref call);
        return new TakeResult(call.Result, call.State, call.Flags, call.Block, call.Server == 0 ? default : call.ServerKey);
    }

    /// <summary>An idle server for a session of C#, or a place in the queue.</summary>
    /// <param name="client">A client in state User.</param>
    /// <param name="profile">Number of its parameters: a server that has them is preferred.</param>
    /// <param name="first">At the head of the queue, without looking for a server.</param>
    public WaitResult Wait(ClientKey client, ulong profile, bool first)
    {
        ClientCall call = new(client) { Profile = profile, First = first ? 1u : 0 };
        _calls.Wait.Run(ref call);
        return new WaitResult(call.Result, call.ServerKey);
    }

    /// <summary>Takes the client out of the queue. Stale: it was not in it, and may have been granted a server.</summary>
    public CallResult StopWaiting(ClientKey client)
    {
        ClientCall call = new(client);
        _calls.StopWaiting.Run(ref call);
        return call.Result;
    }

    /// <summary>
    /// C# is about to send the request of a waiting client that the kernel linked to a server of C#'s; to be said first, for the
    /// answer may be there at once.
    /// </summary>
    /// <returns>Done: to that server. Stale: somebody else sends it, or has.</returns>
    public WaitResult BeginSend(ClientKey client)
    {
        ClientCall call = new(client);
        _calls.BeginSend.Run(ref call);
        return new WaitResult(call.Result, call.ServerKey);
    }

    /// <summary>The session is over: the slot is another's from now on.</summary>
    public CallResult Unclaim(ClientKey client)
    {
        ClientCall call = new(client);
        _calls.Unclaim.Run(ref call);
        return call.Result;
    }

    /// <summary>Lends a server of C#'s to the first client in the queue, or makes it idle.</summary>
    /// <param name="server">A server in state User without a client.</param>
    /// <param name="profile">Number of its parameters; 0: only C# can use this server.</param>
    /// <param name="remote">It is on another host, and our end of its connection has been given to <see cref="EnterRemote(int, ulong, ServerKey)"/>.</param>
    /// <param name="onlyIdle">Not to a client: Queued, and the server is still C#'s, when one is in the queue.</param>
    public HandOnResult HandOn(ServerKey server, ulong profile, bool remote = false, bool onlyIdle = false)
    {
        ServerCall call = new(server) { Profile = profile, Remote = remote ? 1u : 0, OnlyIdle = onlyIdle ? 1u : 0 };
        _calls.HandOn.Run(ref call);
        return new HandOnResult(call.Result, Client(call));
    }

    /// <summary>C# takes a server off the idle list; or with its client, whose session then goes on with both.</summary>
    /// <param name="server">A server.</param>
    /// <param name="wanted">Only if it is in this state; Free stands for any.</param>
    /// <returns>The state it had. Stale: in another than the wanted one. Retry: its last reply is being delivered.</returns>
    public ServerResult TakeServer(ServerKey server, ServerSlotState wanted = ServerSlotState.Free) =>
        Run(_calls.TakeServer, new ServerCall(server) { State = wanted });

    /// <summary>C# wants the server when its transaction is over.</summary>
    /// <returns>The state it has.</returns>
    public ServerResult Recall(ServerKey server) => Run(_calls.Recall, new ServerCall(server));

    /// <summary>A cancel request for what the server does for this client is about to be sent: it is not lent on before the end.</summary>
    /// <returns>Stale: it does nothing for this client in the kernel.</returns>
    public CallResult CancelBegin(ServerKey server, ClientKey client) =>
        Run(_calls.CancelBegin, new ServerCall(server) { Client = client.Slot, ClientGeneration = client.Generation }).Result;

    /// <summary>The cancel request has arrived.</summary>
    /// <returns>The state the server has: one that is parked has to be handed on.</returns>
    public ServerResult CancelEnd(ServerKey server) => Run(_calls.CancelEnd, new ServerCall(server));

    private static ServerResult Run(BpfProgram program, ServerCall call)
    {
        program.Run(ref call);
        return new ServerResult(call.Result, call.State, Client(call));
    }

    /// <summary>A generation without a slot means nothing.</summary>
    private static ClientKey Client(in ServerCall call) => call.Client == 0 ? default : call.ClientKey;

    private ClaimResult Run(ref ClaimCall call)
    {
        _calls.Claim.Run(ref call);
        return new ClaimResult(call.Result, call.Result == CallResult.Done ? new ClientKey(call.Slot, call.Generation) : default);
    }
}
