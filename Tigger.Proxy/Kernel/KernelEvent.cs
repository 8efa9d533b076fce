using System.Runtime.InteropServices;

namespace Tigger.Kernel;

/// <summary>struct tg_event. A hint: by the time it is read, the slot may be in another state or another's.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct KernelEvent(KernelEventKind Kind, uint Slot, uint Generation)
{
    private readonly uint _padding = 0;
}
