using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Tigger.Net;

/// <summary>Creates, binds, accepts and connects the descriptors that loops serve.</summary>
public static unsafe partial class SocketFactory
{
    // Linux numbers; .NET's enum has Windows' values.
    private const int UnixFamily = 1, InetFamily = 2, Inet6Family = 10;

    private const int MaximumAddress = 128;
    private const int Type =
        LinuxConstants.SocketStream | LinuxConstants.SocketNonBlocking | LinuxConstants.SocketCloseOnExec;
    private const int DatagramType = LinuxConstants.SocketDatagram | LinuxConstants.SocketCloseOnExec;

    /// <summary>A listening socket.</summary>
    /// <exception cref="IOException">The address cannot be had; names the call that failed.</exception>
    public static int Listen(EndPoint address, int backlog, bool reusePort, int deferAcceptSeconds)
    {
        int fd = Open(address, Type);
        try
        {
            SetOption(fd, LinuxConstants.LevelSocket, LinuxConstants.OptionReuseAddress, 1);
            if (address.AddressFamily != AddressFamily.Unix)
            {
                SetOption(fd, LinuxConstants.LevelSocket, LinuxConstants.OptionReusePort, reusePort ? 1 : 0);
                DeferAccept(fd, deferAcceptSeconds);
            }

            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                SetOption(fd, LinuxConstants.LevelIpv6, LinuxConstants.Ipv6Only, 1);
            }

            WithAddress(address, (bytes, length) => Check(LibC.Bind(fd, bytes, length), "bind"));
            Check(LibC.Listen(fd, backlog), "listen");
            return fd;
        }
        catch
        {
            _ = LibC.Close(fd);
            throw;
        }
    }

    /// <summary>TCP_DEFER_ACCEPT of a listening socket; 0 turns it off.</summary>
    public static void DeferAccept(int listener, int seconds) =>
        SetOption(listener, LinuxConstants.LevelTcp, LinuxConstants.TcpDeferAccept, seconds);

    /// <summary>The next pending connection and its peer, or a negated error number.</summary>
    public static int Accept(int listener, AddressFamily family, out EndPoint? peer)
    {
        byte* address = stackalloc byte[MaximumAddress];
        uint length = MaximumAddress;
        int fd = LibC.Accept(
            listener, address, &length, LinuxConstants.SocketNonBlocking | LinuxConstants.SocketCloseOnExec);
        peer = fd < 0 || family == AddressFamily.Unix ? null : ToEndPoint(address, length, family);
        return fd < 0 ? -Marshal.GetLastPInvokeError() : fd;
    }

    /// <summary>Begins to connect; the socket becomes writable when it is done.</summary>
    /// <exception cref="IOException">Refused at once.</exception>
    public static int Connect(EndPoint address)
    {
        int fd = Open(address, Type);
        int error = BeginConnect(fd, address);
        if (error != 0)
        {
            Close(fd);
            throw SocketFailure.Create("connect", error);
        }

        return fd;
    }

    /// <summary>The address this end of a connection has; null for unix sockets.</summary>
    public static EndPoint? LocalAddress(int fd, AddressFamily family)
    {
        if (family == AddressFamily.Unix)
        {
            return null;
        }

        byte* address = stackalloc byte[MaximumAddress];
        uint length = MaximumAddress;
        return LibC.GetSocketName(fd, address, &length) < 0 ? null : ToEndPoint(address, length, family);
    }

    /// <summary>Sets TCP_NODELAY and the configured options; failures are ignored as PgBouncer does, the connection works without.</summary>
    public static void Tune(int fd, AddressFamily family, SocketOptions options)
    {
        if (options.SocketBuffer > 0)
        {
            SetOption(fd, LinuxConstants.LevelSocket, LinuxConstants.OptionSendBuffer, options.SocketBuffer);
            SetOption(fd, LinuxConstants.LevelSocket, LinuxConstants.OptionReceiveBuffer, options.SocketBuffer);
        }

        if (family == AddressFamily.Unix)
        {
            return;
        }

        SetOption(fd, LinuxConstants.LevelTcp, LinuxConstants.TcpNoDelay, 1);
        if (options.KeepAlive)
        {
            SetOption(fd, LinuxConstants.LevelSocket, LinuxConstants.OptionKeepAlive, 1);
            SetPositive(fd, LinuxConstants.TcpKeepCount, options.KeepCount);
            SetPositive(fd, LinuxConstants.TcpKeepIdle, options.KeepIdle);
            SetPositive(fd, LinuxConstants.TcpKeepInterval, options.KeepInterval);
        }

        SetPositive(fd, LinuxConstants.TcpUserTimeout, options.UserTimeout);
    }

    public static void Close(int fd) => _ = LibC.Close(fd);

    private delegate void AddressAction(byte* address, uint length);

    private static void WithAddress(EndPoint address, AddressAction action)
    {
        SocketAddress bytes = address.Serialize();
        fixed (byte* start = bytes.Buffer.Span)
        {
            action(start, (uint)bytes.Size);
        }
    }

    private static EndPoint ToEndPoint(byte* address, uint length, AddressFamily family)
    {
        SocketAddress bytes = new(family, (int)Math.Min(length, MaximumAddress));
        new ReadOnlySpan<byte>(address, bytes.Size).CopyTo(bytes.Buffer.Span);
        IPEndPoint any = new(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        return any.Create(bytes);
    }

    private static int Open(EndPoint address, int type)
    {
        int family = address.AddressFamily switch
        {
            AddressFamily.Unix => UnixFamily,
            AddressFamily.InterNetworkV6 => Inet6Family,
            _ => InetFamily,
        };
        int fd = LibC.Socket(family, type, 0);
        return fd < 0 ? throw SocketFailure.Create("socket") : fd;
    }

    private static void SetPositive(int fd, int name, int value)
    {
        if (value > 0)
        {
            SetOption(fd, LinuxConstants.LevelTcp, name, value);
        }
    }

    private static void SetOption(int fd, int level, int name, int value) =>
        _ = LibC.SetSocketOption(fd, level, name, &value, sizeof(int));

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            throw SocketFailure.Create(call);
        }
    }
}
