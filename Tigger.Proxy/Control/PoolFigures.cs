using Tigger.Pooling;

namespace Tigger.Control;

/// <summary>What a pool has done since it exists, on either data path.</summary>
public sealed record PoolFigures(ServerPool Pool, StatsFigures User, StatsFigures Kernel);
