namespace Tigger.Telemetry.Metrics;

/// <summary>One value of a metric: a sum or a value of the moment.</summary>
/// <param name="Labels">Values of the definition's labels, in their order.</param>
/// <param name="Value">In the definition's unit.</param>
public sealed record MetricValue(string[] Labels, double Value);
