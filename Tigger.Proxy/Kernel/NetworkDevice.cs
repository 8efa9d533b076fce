using System.Net.Sockets;
using System.Text;
using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>What a network interface tells by ioctl(2) only (linux/ethtool.h).</summary>
internal static unsafe class NetworkDevice
{
    private const nuint Ethtool = 0x8946; // SIOCETHTOOL
    private const uint GetGro = 0x2b;     // ETHTOOL_GGRO
    private const int NameLength = 16, RequestLength = 40;

    /// <summary>Whether it puts the segments that arrive together (GRO); null: it does not say.</summary>
    public static bool? HasGro(string name)
    {
        byte[] text = Encoding.ASCII.GetBytes(name);
        if (text.Length >= NameLength)
        {
            return null;
        }

        uint* value = stackalloc uint[2] { GetGro, 0 };
        byte* request = stackalloc byte[RequestLength];
        Span<byte> all = new(request, RequestLength);
        all.Clear();
        text.CopyTo(all);
        *(uint**)(request + NameLength) = value;
        using Socket any = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        return LibC.Control((int)any.Handle, Ethtool, request) == 0 ? value[1] != 0 : null;
    }
}
