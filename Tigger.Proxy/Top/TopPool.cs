namespace Tigger.Top;

/// <summary>A pool at one moment, with rates and percentiles since the moment before.</summary>
internal sealed record TopPool
{
    public required string Database { get; init; }

    public required string User { get; init; }

    /// <summary>kernel or user; empty when the console does not say.</summary>
    public required string Path { get; init; }

    public required long Clients { get; init; }

    public required long Waiting { get; init; }

    public required TimeSpan LongestWait { get; init; }

    public required long ActiveServers { get; init; }

    public required long IdleServers { get; init; }

    /// <summary>Transactions per second.</summary>
    public required double Rate { get; init; }

    public required TimeSpan P50 { get; init; }

    public required TimeSpan P99 { get; init; }

    public string Name => $"{Database}/{User}";
}
