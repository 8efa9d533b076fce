namespace Tigger.Kernel.Calls;

/// <summary>A client's slot, and which of those that ever had it; <c>default</c>: none.</summary>
public readonly record struct ClientKey(uint Slot, uint Generation)
{
    public bool IsNone => Slot == Slots.SlotLimits.None;
}
