namespace Tigger.Mirroring;

/// <summary>The mirror's answer to a transaction.</summary>
/// <param name="ReadyForQuery">How many came.</param>
/// <param name="Status">That of the last one; other than <see cref="Protocol.TransactionStatus.Idle"/>: a transaction is open.</param>
/// <param name="SqlState">SQLSTATE of the first ErrorResponse; null: there was none.</param>
/// <param name="EndedAt">Timestamp of the last ReadyForQuery.</param>
internal readonly record struct MirrorReply(int ReadyForQuery, byte Status, string? SqlState, long EndedAt)
{
    /// <summary>
    /// How many are still to come cannot be known (a COPY failed after its client had sent Syncs): all of it was sent, and the
    /// connection must not be used again.
    /// </summary>
    public bool IsUnclear { get; init; }
}
