namespace Tigger.Recording;

/// <summary>The first record of a recording.</summary>
/// <param name="Database">As clients name it.</param>
/// <param name="StartedAt">Wall clock at the begin; all other times count from here.</param>
/// <param name="Parameters">Names of the tracked parameters, whose values each transaction has in this order.</param>
internal sealed record RecordHeader(string Database, DateTimeOffset StartedAt, IReadOnlyList<string> Parameters);
