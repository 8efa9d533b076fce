using System.Runtime.CompilerServices;
using Tigger.Kernel.Slots;

namespace Tigger.Kernel;

/// <summary>Numbers of times by length: bucket i counts those of 2^i to 2^(i+1) times 64 ns, the last one what is longer too.</summary>
[InlineArray(SlotLimits.Buckets)]
public struct TimeHistogram
{
    private ulong _first;
}
