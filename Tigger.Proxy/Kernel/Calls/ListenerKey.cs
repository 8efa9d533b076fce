using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Tigger.Kernel.Calls;

/// <summary>struct tg_listener: an address that Tigger listens on.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct ListenerKey
{
    /// <summary>AF_INET and AF_INET6 as Linux numbers them; .NET's enum has Windows' values.</summary>
    private const ushort Ipv4 = 2;
    private const ushort Ipv6 = 10;

    private readonly ulong _netns;
    private readonly Ipv6Bits _address;
    private readonly ushort _port;
    private readonly ushort _family;
    private readonly uint _padding;

    /// <param name="netns">SO_NETNS_COOKIE of the listening socket.</param>
    /// <param name="endpoint">What it is bound to; <c>0.0.0.0</c> and <c>::</c> stand for every address of their family.</param>
    public ListenerKey(ulong netns, IPEndPoint endpoint)
    {
        bool everywhere = endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any);
        _netns = netns;
        _address = everywhere ? default : new Ipv6Bits(endpoint.Address);
        _port = (ushort)endpoint.Port;
        _family = endpoint.AddressFamily == AddressFamily.InterNetwork ? Ipv4 : Ipv6;
    }
}
