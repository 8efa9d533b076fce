namespace Tigger.Mirroring;

/// <summary>Why a mirror did not get a transaction. Each is a column of SHOW MIRRORS, in snake_case.</summary>
public enum MirrorDropReason
{
    /// <summary>It alone is larger than <c>queue_bytes</c>.</summary>
    TooLong,

    /// <summary><c>queue_bytes</c> are collected and queued already.</summary>
    QueueFull,

    /// <summary>The client, or its server, was gone before the transaction ended.</summary>
    ClientGone,

    /// <summary>The mirror cannot be reached, or its connection broke before it had all of the transaction.</summary>
    MirrorDown,

    /// <summary>Session pooling: all connections of the mirror belong to other clients.</summary>
    NoServer,

    /// <summary>The kernel path had no room to copy a request to.</summary>
    RingFull,

    /// <summary>What it means depends on what the mirror was not told: a prepared statement from before.</summary>
    Unsupported,

    /// <summary>The mirror was taken out of the configuration, or changed, while the transaction was on its way.</summary>
    Reconfigured,
}
