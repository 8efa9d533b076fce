using Tigger.Kernel.Calls;
using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>Connections to clients on other hosts: a program sees what arrives on our end of them.</summary>
public sealed partial class KernelPath
{
    private BpfMap Remotes => _object.Map("remotes");

    private BpfMap RemoteEnds => _object.Map("remote_ends");

    /// <summary>
    /// From now on a program sees each segment that arrives, and passes it up until the client is armed. What arrived before
    /// must have been read to the last byte: the kernel would deliver a half-read segment again.
    /// </summary>
    /// <param name="descriptor">An accepted TCP connection.</param>
    /// <param name="cookie">SO_COOKIE of it.</param>
    /// <param name="client">The slot of its session.</param>
    /// <exception cref="BpfException">The kernel refused: the map is full, or something else works on the socket (TLS, MPTCP).</exception>
    public void EnterRemote(int descriptor, ulong cookie, ClientKey client)
    {
        RemoteEnds.Update(cookie, new RemoteSocket(new SocketEnd(client)));
        try
        {
            Remotes.Update(((ulong)client.Generation << 32) | client.Slot, (ulong)descriptor);
        }
        catch
        {
            LeaveRemote(cookie);
            throw;
        }
    }

    /// <summary>The connection is being closed, which takes it out of the map by itself. May be called again.</summary>
    public void LeaveRemote(ulong cookie) => RemoteEnds.Delete(cookie);
}
