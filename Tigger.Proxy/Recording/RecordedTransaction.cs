namespace Tigger.Recording;

/// <summary>One transaction of a recording. It stands for itself: the text of every prepared statement it uses is in it.</summary>
internal sealed record RecordedTransaction
{
    /// <summary>Id of the client's session.</summary>
    public required long Client { get; init; }

    /// <summary>Counts the client's transactions; where one is missing it could not be recorded.</summary>
    public required long Sequence { get; init; }

    /// <summary>When its first request came and its last answer went.</summary>
    public required TimeSpan StartedAt { get; init; }

    public required TimeSpan EndedAt { get; init; }

    /// <summary>The time in between without the client's own.</summary>
    public required TimeSpan BusyTime { get; init; }

    /// <summary>SQLSTATE of its first error; empty: there was none.</summary>
    public required string SqlState { get; init; }

    /// <summary>Session pooling: the client had a server of its own.</summary>
    public required bool OwnsServer { get; init; }

    public required string User { get; init; }

    /// <summary>Values of the tracked parameters; null where none is known.</summary>
    public required IReadOnlyList<string?> Parameters { get; init; }

    /// <summary>For each message that names a statement, in order, its text and parameter types; null where none is needed.</summary>
    public required IReadOnlyList<byte[]?> Named { get; init; }

    /// <summary>The client's messages, whole and in its own words.</summary>
    public required byte[] Bytes { get; init; }
}
