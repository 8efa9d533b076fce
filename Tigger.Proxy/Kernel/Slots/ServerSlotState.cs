namespace Tigger.Kernel.Slots;

/// <summary>enum tg_server_state.</summary>
public enum ServerSlotState : uint
{
    Free = 0,

    /// <summary>C# has it: the program passes everything up.</summary>
    User = 1,

    /// <summary>In the pool's idle list.</summary>
    Idle = 2,

    /// <summary>The kernel has it and its client.</summary>
    Linked = 3,

    /// <summary>Released, and C# has to look at it before anybody gets it.</summary>
    Parked = 4,
}
