using System.Runtime.InteropServices;

namespace Tigger.Kernel.Calls;

/// <summary>struct tg_name_key: a client's name for a prepared statement.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct NameKey(ClientKey client, ReadOnlySpan<byte> name)
{
    private readonly uint _slot = client.Slot;
    private readonly uint _generation = client.Generation;
    private readonly NameBytes _name = NameBytes.Of(name);
}
