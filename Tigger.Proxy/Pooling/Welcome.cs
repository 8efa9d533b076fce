namespace Tigger.Pooling;

/// <summary>What PostgreSQL reports to a new session: the ParameterStatus values of the pool's first login.</summary>
public sealed record Welcome(IReadOnlyList<KeyValuePair<string, string>> Parameters);
