namespace Tigger.Control;

/// <summary>A row of SHOW STATS.</summary>
/// <param name="Database">As clients name it.</param>
/// <param name="Totals">Since the database's pools exist.</param>
/// <param name="Averages">Over the last one to two <c>stats_period</c>s.</param>
public sealed record DatabaseStatistics(string Database, StatsFigures Totals, StatsFigures Averages);
