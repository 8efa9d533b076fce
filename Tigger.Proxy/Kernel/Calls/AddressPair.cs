using System.Net;
using System.Runtime.InteropServices;

namespace Tigger.Kernel.Calls;

/// <summary>struct tg_pair: an end of a TCP connection as this host sees it. IPv4 addresses stand as <c>::ffff:a.b.c.d</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct AddressPair
{
    private readonly ulong _netns;
    private readonly Ipv6Bits _local;
    private readonly Ipv6Bits _remote;
    private readonly ushort _localPort;
    private readonly ushort _remotePort;
    private readonly uint _padding;

    /// <param name="netns">SO_NETNS_COOKIE of the end's socket.</param>
    /// <param name="local">The address of the end itself.</param>
    /// <param name="remote">That of its peer.</param>
    public AddressPair(ulong netns, IPEndPoint local, IPEndPoint remote)
    {
        _netns = netns;
        _local = new Ipv6Bits(local.Address);
        _remote = new Ipv6Bits(remote.Address);
        _localPort = (ushort)local.Port;
        _remotePort = (ushort)remote.Port;
    }

    public override string ToString() => $"[{_local}]:{_localPort}->[{_remote}]:{_remotePort} in {_netns}";
}
