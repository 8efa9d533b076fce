namespace Tigger.Kernel.Slots;

/// <summary>enum tg_client_state.</summary>
public enum ClientSlotState : uint
{
    Free = 0,

    /// <summary>C# has it: the program passes everything up.</summary>
    User = 1,

    /// <summary>The kernel has it, no server is linked.</summary>
    Idle = 2,

    /// <summary>In the pool's queue, its request in a block.</summary>
    Waiting = 3,

    /// <summary>In the pool's queue, its request is with C#, or will be once C# has read it from the block.</summary>
    UserWaiting = 4,

    /// <summary>The kernel has it and its server.</summary>
    Linked = 5,
}
