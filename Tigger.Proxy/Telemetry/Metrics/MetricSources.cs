using Tigger.Control;
using Tigger.Pooling;
using Tigger.Sessions;

namespace Tigger.Telemetry.Metrics;

/// <summary>What metrics are read from.</summary>
public sealed record MetricSources(PoolRegistry Registry, SessionTable Sessions, StatsSampler Sampler)
{
    /// <summary>Log lines that were left out.</summary>
    public required Func<long> SuppressedLines { get; init; }
}
