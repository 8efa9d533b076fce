using System.Buffers.Binary;
using System.Net.Sockets;

namespace Tigger.Kernel;

/// <summary>What the kernel tells about a socket and .NET has no name for.</summary>
internal static class SocketFacts
{
    private const int SocketLevel = 1;
    private const int TcpLevel = 6;
    private const int SocketCookie = 57;
    private const int NetworkNamespaceCookie = 71;
    private const int TcpInfo = 11;

    /// <summary>Offset of tcpi_bytes_received in struct tcp_info (linux/tcp.h).</summary>
    private const int BytesReceivedOffset = 128;

    /// <summary>SO_COOKIE: the socket's identity in BPF, socket(7). The same constants on x86-64 and arm64.</summary>
    public static ulong Cookie(this Socket socket) => Read(socket, SocketLevel, SocketCookie, 0);

    /// <summary>SO_NETNS_COOKIE: the identity of its network namespace, since Linux 5.14.</summary>
    public static ulong NamespaceCookie(this Socket socket) => Read(socket, SocketLevel, NetworkNamespaceCookie, 0);

    /// <summary>SO_NETNS_COOKIE of the sockets this process opens.</summary>
    public static ulong OwnNamespaceCookie()
    {
        using Socket any = new(SocketType.Stream, ProtocolType.Tcp);
        return any.NamespaceCookie();
    }

    /// <summary>Payload bytes that came by TCP; what a program put into the receive queue does not count.</summary>
    public static ulong BytesReceivedByTcp(this Socket socket) => Read(socket, TcpLevel, TcpInfo, BytesReceivedOffset);

    private static ulong Read(Socket socket, int level, int option, int offset)
    {
        Span<byte> value = stackalloc byte[offset + sizeof(ulong)];
        return socket.GetRawSocketOption(level, option, value) == value.Length
            ? BinaryPrimitives.ReadUInt64LittleEndian(value[offset..])
            : throw new SelfTestException($"socket option {option} of level {level} is shorter than expected");
    }
}
