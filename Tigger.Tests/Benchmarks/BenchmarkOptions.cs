namespace Tigger.Benchmarks;

/// <summary>What to measure, as given on the command line.</summary>
internal sealed record BenchmarkOptions
{
    public required IReadOnlyList<string> Targets { get; init; }
    public required IReadOnlyList<string> Modes { get; init; }
    public required IReadOnlyList<int> Clients { get; init; }
    public required int Rounds { get; init; }
    public required int Seconds { get; init; }
    public required int Scale { get; init; }
    public required IReadOnlyList<int> PoolSizes { get; init; }
    public required double SamplingRate { get; init; }
    public required string? TiggerPath { get; init; }
    public required string? PgBouncerPath { get; init; }
    /// <summary>pgbench runs on another host, which is a network namespace of this machine.</summary>
    public required bool RemoteClients { get; init; }
    /// <summary>PostgreSQL is on another host than the poolers; with <see cref="RemoteClients"/> the clients, too.</summary>
    public required bool RemoteServers { get; init; }
    /// <summary>Nobody, clients, PostgreSQL and both on another host, one after the other, whatever the two above say.</summary>
    public bool AllEnds { get; init; }
    /// <summary>Lengths of the values to ask for; none: pgbench -S.</summary>
    public IReadOnlyList<int> ReplyBytes { get; init; } = [];
    /// <summary>Clients are encrypted; between poolers and PostgreSQL nothing is.</summary>
    public required bool Tls { get; init; }
    /// <summary>Not the targets, but what Tigger costs connections that are none of its business.</summary>
    public required bool Unrelated { get; init; }
    /// <summary>Not the usual targets, but Tigger without mirrors and with some.</summary>
    public required bool Mirrors { get; init; }
    public required string Output { get; init; }
}
