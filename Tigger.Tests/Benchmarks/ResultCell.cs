namespace Tigger.Benchmarks;

/// <summary>All rounds of one combination on one target, or why there are none.</summary>
internal sealed class ResultCell(Combination combination, BenchmarkTarget target)
{
    public Combination Combination { get; } = combination;

    public BenchmarkTarget Target { get; } = target;

    public List<Measurement> Rounds { get; } = [];

    /// <summary>Why this cell cannot be measured: not a fault.</summary>
    public string? Skipped { get; } = target.WhyNot(combination.Mode);

    /// <summary>Why measuring failed: a fault, and the cell is not tried again.</summary>
    public string? Failed { get; set; }

    public Measurement? Median => Failed is null && Rounds.Count > 0 ? Measurement.Median(Rounds) : null;
}
