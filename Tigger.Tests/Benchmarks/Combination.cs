namespace Tigger.Benchmarks;

/// <summary>What is compared between the targets: one query mode with one number of clients on one size of pool.</summary>
internal sealed record Combination(string Mode, int Clients, int PoolSize);
