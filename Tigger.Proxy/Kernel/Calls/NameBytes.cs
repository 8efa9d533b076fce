using System.Runtime.CompilerServices;
using Tigger.Kernel.Slots;

namespace Tigger.Kernel.Calls;

/// <summary>The name of a prepared statement, zero to the end.</summary>
[InlineArray(SlotLimits.NameLength)]
public struct NameBytes
{
    private byte _first;

    /// <param name="name">1 to 63 bytes, without its zero.</param>
    public static NameBytes Of(ReadOnlySpan<byte> name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(name.Length, SlotLimits.NameLength);
        NameBytes bytes = default;
        name.CopyTo(bytes);
        return bytes;
    }
}
