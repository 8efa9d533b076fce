namespace Tigger.Pooling;

/// <summary>What PostgreSQL reports to a new session, from the pool's first login.</summary>
/// <param name="Parameters">All ParameterStatus values, in PostgreSQL's order.</param>
/// <param name="Profile">Those of the tracked ones.</param>
public sealed record Welcome(IReadOnlyList<KeyValuePair<string, string>> Parameters, ParameterProfile Profile);
