namespace Tigger.Kernel.Slots;

/// <summary>enum tg_pool_flag; all of them are set by C#.</summary>
[Flags]
public enum PoolSlotFlags : uint
{
    None = 0,

    /// <summary>Nobody gets a server: PAUSE.</summary>
    Paused = 1 << 0,

    /// <summary>A server stays with its client: session pooling.</summary>
    Session = 1 << 1,

    /// <summary>The pool may open more servers: C# is told when a client begins to wait.</summary>
    CanGrow = 1 << 2,

    /// <summary>There is no server at all: clients go to C#, which knows what to tell them.</summary>
    ToUser = 1 << 3,

    /// <summary>Servers change, so that a prepared statement has another name there than at its client.</summary>
    Rename = 1 << 4,

    /// <summary><c>disable_pqexec</c>: C# refuses simple queries.</summary>
    NoSimple = 1 << 5,

    /// <summary><c>server_round_robin</c>: idle servers first in, first out.</summary>
    RoundRobin = 1 << 6,

    /// <summary><c>dirty_server</c>: C# sees what certainly changes the session of a server that clients share.</summary>
    Watch = 1 << 7,

    /// <summary>And what may.</summary>
    WatchDoubts = 1 << 8,
}
