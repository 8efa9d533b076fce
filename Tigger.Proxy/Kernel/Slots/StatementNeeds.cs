using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tigger.Kernel.Slots;

/// <summary>struct tg_needs: different prepared statements, by number.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct StatementNeeds
{
    private readonly uint _count;
    private readonly NumberArray _numbers;

    public int Count => (int)Math.Min(Volatile.Read(in _count), SlotLimits.Needs);

    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public int this[int index] => _numbers[index];

    [InlineArray(SlotLimits.Needs)]
    private struct NumberArray
    {
        private ushort _first;
    }
}
