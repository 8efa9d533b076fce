namespace Tigger.Sessions;

/// <summary>What a client wants of a connection by the startup parameter <c>replication</c> (PostgreSQL: "Streaming Replication Protocol").</summary>
public enum ReplicationMode
{
    None,

    /// <summary><c>database</c>: bound to a database, SQL is possible.</summary>
    Logical,

    /// <summary>A true value: the whole cluster, replication commands only.</summary>
    Physical,
}
