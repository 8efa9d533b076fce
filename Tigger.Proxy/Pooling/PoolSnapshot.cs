namespace Tigger.Pooling;

/// <summary>What a pool has at one moment, for SHOW POOLS; PgBouncer's columns say the same.</summary>
public readonly record struct PoolSnapshot
{
    /// <summary>Clients with a server, and those that want none now.</summary>
    public required int ActiveClients { get; init; }

    public required int WaitingClients { get; init; }

    /// <summary>How long the client at the head of the queue has waited.</summary>
    public required TimeSpan LongestWait { get; init; }

    public required int ActiveServers { get; init; }

    /// <summary>Servers that wait for a cancel request before they may be lent again.</summary>
    public required int BeingCanceled { get; init; }

    /// <summary>Cancel requests on their way to PostgreSQL.</summary>
    public required int Cancels { get; init; }

    public required int IdleServers { get; init; }

    /// <summary>Idle for so long that they are checked before use (PgBouncer: "used").</summary>
    public required int StaleServers { get; init; }

    public required int TestedServers { get; init; }

    /// <summary>Connecting or logging in.</summary>
    public required int LoginServers { get; init; }
}
