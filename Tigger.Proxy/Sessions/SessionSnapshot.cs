using Tigger.Pooling;

namespace Tigger.Sessions;

/// <summary>A session at one moment, taken under its lock: parts that belong together are of the same moment.</summary>
public readonly record struct SessionSnapshot
{
    public required SessionState State { get; init; }

    public required ServerConnection? Server { get; init; }

    public required SessionCounters Counters { get; init; }

    /// <summary>Timestamp since when the client has waited for a server or for its answer; 0 = it does not.</summary>
    public required long BusySince { get; init; }

    /// <summary>Bytes of the client not forwarded yet.</summary>
    public required int Held { get; init; }

    /// <summary>Bytes owed to the client that its socket did not take.</summary>
    public required int Owed { get; init; }
}
