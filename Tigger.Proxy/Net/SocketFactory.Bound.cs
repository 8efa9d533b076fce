using System.Net;
using System.Runtime.InteropServices;

namespace Tigger.Net;

/// <summary>Sockets that are bound before they connect.</summary>
public static unsafe partial class SocketFactory
{
    /// <summary>
    /// A socket for a connection to <paramref name="remote"/>, bound to the address the system would choose and a free port.
    /// The port is ours for every destination, so at most as many sockets are bound as the system has ephemeral ports;
    /// beyond, and wherever else binding fails, the socket stays unbound.
    /// </summary>
    /// <exception cref="IOException">No socket can be had.</exception>
    public static BoundSocket Prepare(IPEndPoint remote)
    {
        IPEndPoint? local = LocalFor(remote);
        int fd = Open(remote, Type);
        bool bound = local is not null && Bind(fd, local);
        return new BoundSocket(fd, remote, bound ? LocalAddress(fd, remote.AddressFamily) as IPEndPoint : null);
    }

    /// <summary>The source address, with port 0, of connections to <paramref name="remote"/>; null when there is no route.</summary>
    public static IPEndPoint? LocalFor(IPEndPoint remote)
    {
        int fd = Open(remote, DatagramType);
        try
        {
            // Connecting a UDP socket sends nothing: it is the system's choice of a route and an address.
            bool routed = BeginConnect(fd, remote) == 0;
            IPEndPoint? local = routed ? LocalAddress(fd, remote.AddressFamily) as IPEndPoint : null;
            return local is null ? null : new IPEndPoint(local.Address, 0);
        }
        finally
        {
            Close(fd);
        }
    }

    /// <returns>0 when it has begun, or the error number.</returns>
    internal static int BeginConnect(int fd, EndPoint address)
    {
        int error = 0;
        WithAddress(address, (bytes, length) => error = LibC.Connect(fd, bytes, length) < 0 ? Marshal.GetLastPInvokeError() : 0);
        return error == LinuxConstants.ErrorInProgress ? 0 : error;
    }

    private static bool Bind(int fd, IPEndPoint local)
    {
        bool bound = false;
        WithAddress(local, (bytes, length) => bound = LibC.Bind(fd, bytes, length) == 0);
        return bound;
    }
}
