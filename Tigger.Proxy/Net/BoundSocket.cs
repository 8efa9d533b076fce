using System.Net;

namespace Tigger.Net;

/// <summary>
/// A TCP socket whose own address is known before it is connected, so that somebody can be told to expect the connection.
/// Closes the descriptor unless <see cref="Connect"/> has handed it over.
/// </summary>
public sealed class BoundSocket : IDisposable
{
    private readonly IPEndPoint _remote;
    private int _descriptor;

    internal BoundSocket(int descriptor, IPEndPoint remote, IPEndPoint? local)
    {
        _descriptor = descriptor;
        _remote = remote;
        Local = local;
    }

    /// <summary>Our address and port; null when none could be had: the system then chooses when it connects.</summary>
    public IPEndPoint? Local { get; private set; }

    /// <summary>
    /// Begins to connect; the socket becomes writable when it is done. Where the bound address will not do, it connects with
    /// one of the system's choice, and <see cref="Local"/> is null afterwards.
    /// </summary>
    /// <returns>The descriptor, which is the caller's from now on.</returns>
    /// <exception cref="IOException">Refused at once.</exception>
    public int Connect()
    {
        ObjectDisposedException.ThrowIf(_descriptor < 0, this);
        int error = SocketFactory.BeginConnect(_descriptor, _remote);
        if (error == 0) return Interlocked.Exchange(ref _descriptor, -1);
        Dispose();
        if (Local is null || !CanBeOurAddress(error)) throw SocketFailure.Create("connect", error);
        Local = null;
        return SocketFactory.Connect(_remote);
    }

    public void Dispose()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0) SocketFactory.Close(descriptor);
    }

    /// <summary>The same four addresses and ports are in use, or the route leads out of another interface by now.</summary>
    private static bool CanBeOurAddress(int error) =>
        error is LinuxConstants.ErrorAddressNotAvailable or LinuxConstants.ErrorAddressInUse or LinuxConstants.ErrorInvalid;
}
