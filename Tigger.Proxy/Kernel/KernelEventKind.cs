namespace Tigger.Kernel;

/// <summary>enum tg_event_kind: what the programs ask C# to do.</summary>
public enum KernelEventKind : uint
{
    /// <summary>Take the server in the slot and hand it on.</summary>
    Parked = 1,

    /// <summary>A client waits in the pool whose number is in the slot, which may open another server.</summary>
    Waiting = 2,

    /// <summary>The link of the client in the slot is with C#, though nothing was passed up that would tell.</summary>
    Taken = 3,

    /// <summary>Send the waiting request of the client in the slot to its server.</summary>
    ToSend = 4,
}
