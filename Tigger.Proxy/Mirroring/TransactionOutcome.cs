namespace Tigger.Mirroring;

/// <summary>What became of a transaction. Times are of <see cref="TimeProvider.TimestampFrequency"/>, as all timestamps.</summary>
/// <param name="StartedAt">Timestamp of its first request.</param>
/// <param name="EndedAt">Timestamp of its last ReadyForQuery.</param>
/// <param name="BusyTime">Time in which something was owed: from <paramref name="StartedAt"/> to <paramref name="EndedAt"/> without the client's own time.</param>
/// <param name="SqlState">SQLSTATE of its first ErrorResponse; null: there was none.</param>
public readonly record struct TransactionOutcome(long StartedAt, long EndedAt, long BusyTime, string? SqlState)
{
    /// <summary>Rows sent or changed, by the command tags.</summary>
    public long Rows { get; init; }

    /// <summary>Bytes of PostgreSQL's replies.</summary>
    public long ReplyBytes { get; init; }

    /// <summary>Process number of the backend; 0: not known, its connection was closed a moment later.</summary>
    public int Backend { get; init; }

    public TransactionPath Path { get; init; }
}
