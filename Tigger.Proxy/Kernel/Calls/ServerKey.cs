namespace Tigger.Kernel.Calls;

/// <summary>A server's slot, and which of those that ever had it; <c>default</c>: none.</summary>
public readonly record struct ServerKey(uint Slot, uint Generation)
{
    public bool IsNone => Slot == Slots.SlotLimits.None;
}
