using System.Runtime.InteropServices;

namespace Tigger.Kernel.Calls;

/// <summary>struct tg_claim_call.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ClaimCall
{
    public AddressPair Pair;
    public uint UsePair;
    public uint Pool;
    public CallResult Result;
    public uint Slot;
    public uint Generation;
    public uint Padding;
}
