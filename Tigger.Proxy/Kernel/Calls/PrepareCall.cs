using System.Runtime.InteropServices;

namespace Tigger.Kernel.Calls;

/// <summary>struct tg_prepare_call.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PrepareCall
{
    /// <summary>Slots to put on the list of free clients.</summary>
    public uint Clients;

    /// <summary>Blocks to put on the list of free ones.</summary>
    public uint Blocks;
    public CallResult Result;
    public uint Padding;
}
