namespace Tigger.Benchmarks;

/// <summary>What is compared between the targets: one query mode with one number of clients.</summary>
internal sealed record Combination(string Mode, int Clients);
