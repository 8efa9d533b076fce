using System.Net;
using System.Runtime.InteropServices;

namespace Tigger.Kernel.Calls;

/// <summary>An IPv6 address in network order, in memory as the programs compare it. All zero is no address.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Ipv6Bits
{
    private readonly ulong _first;
    private readonly ulong _second;

    /// <summary>An IPv4 address becomes <c>::ffff:a.b.c.d</c>. The scope of a link-local address is not kept.</summary>
    public Ipv6Bits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        // The scope would only be lost here: BPF sees none either.
        _ = address.MapToIPv6().TryWriteBytes(bytes, out _);
        this = MemoryMarshal.Read<Ipv6Bits>(bytes);
    }

    public override string ToString() => new IPAddress(MemoryMarshal.AsBytes(new ReadOnlySpan<Ipv6Bits>(in this))).ToString();
}
