using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tigger.Net;

/// <summary>Sockets that another process has made.</summary>
public static unsafe partial class SocketFactory
{
    /// <summary>Makes an inherited listening socket one like those of <see cref="Listen"/>; tells its address.</summary>
    /// <exception cref="IOException">It is no stream socket that listens; names the descriptor.</exception>
    public static EndPoint Adopt(int fd)
    {
        byte* address = stackalloc byte[MaximumAddress];
        uint length = MaximumAddress;
        if (GetOption(fd, LinuxConstants.OptionType) != LinuxConstants.SocketStream
            || GetOption(fd, LinuxConstants.OptionAcceptConnections) != 1
            || LibC.GetSocketName(fd, address, &length) < 0)
        {
            throw new IOException($"inherited descriptor {fd} is not a stream socket that listens");
        }

        if (LibC.ControlDescriptor(fd, LinuxConstants.SetDescriptorFlags, LinuxConstants.DescriptorCloseOnExec) < 0
            || LibC.ControlDescriptor(fd, LinuxConstants.SetStatusFlags, LinuxConstants.SocketNonBlocking) < 0)
        {
            throw SocketFailure.Create("fcntl");
        }

        const int FamilyLength = 2;
        return *(ushort*)address switch
        {
            UnixFamily => UnixAddress(new ReadOnlySpan<byte>(address + FamilyLength, (int)Math.Min(length, MaximumAddress) - FamilyLength)),
            Inet6Family => ToEndPoint(address, length, AddressFamily.InterNetworkV6),
            _ => ToEndPoint(address, length, AddressFamily.InterNetwork),
        };
    }

    /// <summary>A path ends with a zero byte, an abstract name begins with one.</summary>
    private static UnixDomainSocketEndPoint UnixAddress(ReadOnlySpan<byte> name) =>
        new(Encoding.UTF8.GetString(name is [0, ..] ? name : name.TrimEnd((byte)0)));

    private static int GetOption(int fd, int name)
    {
        int value = 0;
        uint length = sizeof(int);
        return LibC.GetSocketOption(fd, LinuxConstants.LevelSocket, name, &value, &length) < 0 ? -1 : value;
    }
}
