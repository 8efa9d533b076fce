namespace Tigger.Takeover;

/// <summary>A client between two requests, as the process that follows has to know it.</summary>
internal sealed record MovedClient
{
    public required string Database { get; init; }

    public required string User { get; init; }

    /// <summary>Address and port; null for unix sockets.</summary>
    public required string? Remote { get; init; }

    public required string? Local { get; init; }

    public required DateTimeOffset ConnectedTime { get; init; }

    public required ulong CancelKey { get; init; }

    public required string ApplicationName { get; init; }

    /// <summary>Its tracked parameters as they are now, and as its startup packet had them.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    public required IReadOnlyDictionary<string, string> Asked { get; init; }

    /// <summary>All others of its startup packet, in order.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Others { get; init; }

    /// <summary>Its named statements: name and the body of Parse behind it.</summary>
    public required IReadOnlyList<KeyValuePair<byte[], byte[]>> Statements { get; init; }

    /// <summary>
    /// Names at the servers that the programs may have put into what it has sent and nobody has read, and the client's own.
    /// </summary>
    public IReadOnlyList<KeyValuePair<byte[], byte[]>> PutIn { get; init; } = [];

    /// <summary>Bytes read from it and not sent on.</summary>
    public required byte[] Unread { get; init; }

    /// <summary>Bytes it has not taken yet.</summary>
    public required byte[] Owed { get; init; }

    /// <summary>What its user has proved; null: nothing that is not in the files.</summary>
    public MovedLogin? Login { get; init; }

    /// <summary>Session pooling: the server that it keeps; its descriptor follows the client's. Null: it has none.</summary>
    public MovedServer? Server { get; init; }
}
