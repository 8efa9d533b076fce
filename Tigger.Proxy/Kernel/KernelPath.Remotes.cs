using Tigger.Kernel.Calls;
using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>Connections to clients and servers on other hosts: a program sees what arrives on our end of them.</summary>
public sealed partial class KernelPath
{
    /// <summary>What tells a server's key from a client's (tg_server_key).</summary>
    private const ulong ServerBit = 1UL << 31;

    /// <summary>What tells our own end's key (tg_side_key).</summary>
    private const ulong SideBit = 1UL << 30;

    private BpfMap Remotes => _object.Map("remotes");

    private BpfMap RemoteEnds => _object.Map("remote_ends");

    private BpfMap Ends => _object.Map("ends");

    /// <summary>
    /// From now on a program sees each segment that arrives, and passes it up until the client is armed. What arrived before
    /// must have been read to the last byte: the kernel would deliver a half-read segment again.
    /// </summary>
    /// <param name="descriptor">An accepted TCP connection.</param>
    /// <param name="cookie">SO_COOKIE of it.</param>
    /// <param name="client">The slot of its session.</param>
    /// <param name="place">Where its servers are.</param>
    /// <exception cref="BpfException">The kernel refused: the map is full, or something else works on the socket (TLS, MPTCP).</exception>
    public void EnterRemote(int descriptor, ulong cookie, ClientKey client, RemotePlace place)
    {
        ulong key = ((ulong)client.Generation << 32) | client.Slot;
        if (place == RemotePlace.BothEnds)
        {
            Ends.UpdateBeginning(descriptor, new SocketEnd(client, sends: true));
            Sockets.Update(key | SideBit, (ulong)descriptor);
        }

        EnterRemote(descriptor, cookie, new SocketEnd(client), key);
    }

    /// <summary>The same for a connection to PostgreSQL on another host, until the server is handed on.</summary>
    /// <param name="descriptor">A connection that was expected.</param>
    /// <param name="cookie">SO_COOKIE of it.</param>
    /// <param name="server">Its slot.</param>
    /// <exception cref="BpfException">As above.</exception>
    public void EnterRemote(int descriptor, ulong cookie, ServerKey server) =>
        EnterRemote(descriptor, cookie, new SocketEnd(server, remote: true), ((ulong)server.Generation << 32) | ServerBit | server.Slot);

    /// <summary>The connection is being closed, which takes it out of the map by itself. May be called again.</summary>
    public void LeaveRemote(ulong cookie) => RemoteEnds.Delete(cookie);

    /// <summary>Whether a worker of the kernel has yet to move something that has arrived from either, on another host.</summary>
    /// <param name="client">May be none.</param>
    /// <param name="server">May be none.</param>
    /// <returns>Retry, or Done.</returns>
    public CallResult Settle(ClientKey client, ServerKey server)
    {
        ClientCall call = new(client) { Server = server.Slot, ServerGeneration = server.Generation };
        _calls.Settle.Run(ref call);
        return call.Result;
    }

    private void EnterRemote(int descriptor, ulong cookie, SocketEnd end, ulong key)
    {
        RemoteEnds.UpdateBeginning(cookie, end);
        try
        {
            Remotes.Update(key, (ulong)descriptor);
        }
        catch
        {
            LeaveRemote(cookie);
            throw;
        }
    }
}
