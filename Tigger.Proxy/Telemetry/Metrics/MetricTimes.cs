using Tigger.Kernel;

namespace Tigger.Telemetry.Metrics;

/// <summary>One value of a metric of the kind histogram.</summary>
/// <param name="Labels">Values of the definition's labels, in their order.</param>
/// <param name="Times">How many by length.</param>
/// <param name="Sum">All times together, in seconds.</param>
public sealed record MetricTimes(string[] Labels, TimeHistogram Times, double Sum);
