using System.Net;
using Tigger.Kernel.Calls;
using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>The slots of servers, which C# gives out.</summary>
public sealed partial class KernelPath
{
    private BpfMap Expected => _object.Map("expected");

    /// <summary>
    /// Gives a slot to a server that is about to be connected, so that the backend's socket enters when it is established.
    /// To be called between bind and connect.
    /// </summary>
    /// <param name="backend">PostgreSQL's address.</param>
    /// <param name="ours">The address our socket is bound to, with its port.</param>
    /// <param name="pool">The pool's number.</param>
    /// <returns>Null when all slots are used.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public ServerSlotReservation? Expect(IPEndPoint backend, IPEndPoint ours, int pool)
    {
        int slot = _freeServers.Take();
        if (slot < 0) return null;
        ServerKey server = Slots.Begin((uint)slot, (uint)pool);

        // The backend's end: its own address is the one we connect to.
        AddressPair pair = new(_netns, backend, ours);
        try
        {
            Expected.Update(pair, new SocketEnd(server));
        }
        catch
        {
            Forget(server);
            throw;
        }

        return new ServerSlotReservation(this, server, pair);
    }

    /// <summary>A slot for a server that never enters, for example over a unix socket: C# lends it like the others.</summary>
    /// <returns>None when all slots are used.</returns>
    public ServerKey ReserveServer(int pool) =>
        _freeServers.Take() is var slot and >= 0 ? Slots.Begin((uint)slot, (uint)pool) : default;

    /// <summary>The connection is closed, or about to be: its slot is free.</summary>
    /// <returns>Done with the client that had it, which is C#'s now. Otherwise the slot is not free.</returns>
    public ServerResult Forget(ServerKey server)
    {
        ServerResult result = Run(_calls.Forget, new ServerCall(server));
        if (result.Result == CallResult.Done) _freeServers.Return((int)server.Slot);
        return result;
    }

    internal void ExpectNoMore(in AddressPair pair) => Expected.Delete(pair);
}
