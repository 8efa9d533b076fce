namespace Tigger.Mirroring;

/// <summary>The mirror's answer to a transaction.</summary>
/// <param name="ReadyForQuery">How many came.</param>
/// <param name="Status">That of the last one; other than <see cref="Protocol.TransactionStatus.Idle"/>: a transaction is open.</param>
/// <param name="SqlState">SQLSTATE of the first ErrorResponse; null: there was none.</param>
/// <param name="EndedAt">Timestamp of the last ReadyForQuery.</param>
internal readonly record struct MirrorReply(int ReadyForQuery, byte Status, string? SqlState, long EndedAt)
{
    /// <summary>The server has said that all prepared statements are gone.</summary>
    public bool EndedStatements { get; init; }
}
