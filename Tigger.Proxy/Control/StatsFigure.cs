namespace Tigger.Control;

/// <summary>The figures of SHOW STATS, in wire order.</summary>
public enum StatsFigure
{
    ServerAssignments,
    Transactions,
    Queries,

    /// <summary>Bytes from clients.</summary>
    Received,

    /// <summary>Bytes to clients.</summary>
    Sent,

    /// <summary>Microseconds, like the other times.</summary>
    TransactionTime,
    QueryTime,
    WaitTime,
    ClientParses,
    ServerParses,
    Binds,
}
