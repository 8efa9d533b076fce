namespace Tigger.Config;

// Settings of the group "Metrics": Tigger's own.
public sealed partial record TiggerConfig
{
    /// <summary><c>metrics_max_pools</c>: Pools with a name of their own in metrics.</summary>
    public int MetricsMaxPools { get; init; } = 200;

    /// <summary><c>otlp_endpoint</c>: URL of an OpenTelemetry collector that metrics are sent to; empty = off.</summary>
    public string OtlpEndpoint { get; init; } = "";

    /// <summary><c>otlp_protocol</c>: grpc or http.</summary>
    public OtlpProtocol OtlpProtocol { get; init; }

    /// <summary><c>otlp_interval</c>: How often metrics are sent to the collector.</summary>
    public TimeSpan OtlpInterval { get; init; } = TimeSpan.FromSeconds(15);
}
