using System.Runtime.CompilerServices;

namespace Tigger.Kernel.Slots;

/// <summary>Prepared statements of a server, a bit each by number.</summary>
[InlineArray(Words)]
public struct StatementBits
{
    internal const int BitsOfWord = 64;
    internal const int Words = SlotLimits.Statements / BitsOfWord;

    private ulong _first;

    /// <param name="number">0 to 1023.</param>
    public void Set(int number) => this[number / BitsOfWord] |= Bit(number);

    internal static ulong Bit(int number) => 1UL << (number % BitsOfWord);
}
