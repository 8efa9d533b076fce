using System.Runtime.InteropServices;

namespace Tigger.Kernel.Calls;

/// <summary>struct tg_name: what stands for a client's name at the servers.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct ServerName(int number, ReadOnlySpan<byte> name)
{
    private readonly uint _number = (uint)number;
    private readonly NameBytes _name = NameBytes.Of(name);
}
