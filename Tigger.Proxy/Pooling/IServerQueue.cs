using Tigger.Sessions;

namespace Tigger.Pooling;

/// <summary>
/// The idle servers and the waiting clients of one pool. Each member is one atomic step and may be called with any lock held;
/// none takes another lock or does I/O. First come, first served: with clients in the queue nobody else gets a server.
/// </summary>
internal interface IServerQueue
{
    int WaitingCount { get; }

    /// <summary>Timestamp since when the client at the head of the queue has waited; 0 when nobody waits.</summary>
    long LongestWaitingSince { get; }

    /// <summary>A snapshot, most recently used first (in a round robin: least recently).</summary>
    IReadOnlyList<ServerConnection> IdleServers { get; }

    /// <summary>Nobody gets a server: clients queue and servers go idle. In force for every step after the one that sets it.</summary>
    bool IsPaused { get; set; }

    /// <summary>An idle server for the client, Active now, or null after putting the client at the end of the queue.</summary>
    ServerConnection? TakeOrWait(ClientSession client);

    /// <summary>Puts the client at the head of the queue.</summary>
    void WaitFirst(ClientSession client);

    /// <summary>False: the client is not in the queue.</summary>
    bool StopWaiting(ClientSession client);

    /// <summary>Lends a server that nobody has to the client at the head of the queue (the server is Active then), or makes it idle.</summary>
    LendResult HandOn(ServerConnection server);

    /// <summary>Takes this server off the idle list, InTransit now. False: it is not on it.</summary>
    bool TakeIdle(ServerConnection server);

    /// <summary>A closed server must not be found any more: off the idle list if it is there; its state stays.</summary>
    void Remove(ServerConnection server);
}
