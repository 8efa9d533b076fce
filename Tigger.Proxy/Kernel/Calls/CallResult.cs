namespace Tigger.Kernel.Calls;

/// <summary>enum tg_result: what a call came to.</summary>
public enum CallResult : uint
{
    Done = 0,

    /// <summary>The slot is another's by now, or in no state for this.</summary>
    Stale = 1,

    /// <summary>A delivery is under way: ask again in a moment.</summary>
    Retry = 2,

    /// <summary>Claim: no such connection was seen. Others: nothing there.</summary>
    Missing = 3,

    /// <summary>HandOn: bytes are on their way between C# and the backend.</summary>
    Dirty = 4,

    /// <summary>Wait: the client is in the queue now.</summary>
    Queued = 5,

    /// <summary>HandOn: on the idle list.</summary>
    Idle = 6,

    /// <summary>HandOn: linked in the kernel to a client whose request, in its block, C# has to send.</summary>
    Granted = 7,

    /// <summary>HandOn: a client is out of the queue and gets the server from C#.</summary>
    GrantedUser = 8,
}
