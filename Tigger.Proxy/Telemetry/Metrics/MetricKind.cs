namespace Tigger.Telemetry.Metrics;

/// <summary>What a metric's value does over time; OpenTelemetry's words.</summary>
public enum MetricKind
{
    /// <summary>A sum that only grows.</summary>
    Counter,

    /// <summary>A sum that goes up and down: adding it over pools has a meaning.</summary>
    UpDownCounter,

    /// <summary>A value of the moment that is not to be added up.</summary>
    Gauge,

    /// <summary>Times by length.</summary>
    Histogram,
}
