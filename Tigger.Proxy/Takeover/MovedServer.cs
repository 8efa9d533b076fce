namespace Tigger.Takeover;

/// <summary>A server that its client keeps, with nothing under way.</summary>
internal sealed record MovedServer
{
    /// <summary>As configured, and where cancel requests go: an address with its port, or a path.</summary>
    public required string Host { get; init; }

    public required string Connect { get; init; }

    public required int ProcessId { get; init; }

    public required byte[] CancelKey { get; init; }

    /// <summary>Status of its last ReadyForQuery.</summary>
    public required byte Status { get; init; }

    /// <summary>Its tracked parameters as they are now, and as they were at its login.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    public required IReadOnlyDictionary<string, string> AtLogin { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Greeting { get; init; }

    /// <summary>The startup parameters of a client that it was opened with; both null: the pool's own.</summary>
    public IReadOnlyDictionary<string, string>? Asked { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>>? Others { get; init; }

    public required bool CloseNeeded { get; init; }
}
