using static Tigger.Config.SettingFactory<Tigger.Config.TiggerConfig>;

namespace Tigger.Config;

/// <summary>The table entries of the group "Metrics".</summary>
internal static class MetricsSettings
{
    public static IReadOnlyList<Setting<TiggerConfig>> Entries { get; } =
    [
        Int("metrics_max_pools", "200", 1, 100_000, c => c.MetricsMaxPools, (c, v) => c with { MetricsMaxPools = v }, "Pools with a name of their own in metrics; the figures of further ones are added up under \"other\".").NeedsRestart().OwnToTigger(),
        Url("otlp_endpoint", "", c => c.OtlpEndpoint, (c, v) => c with { OtlpEndpoint = v }, "URL of an OpenTelemetry collector that metrics, and spans of databases with trace_sample, are sent to, such as http://127.0.0.1:4317; empty = off.").NeedsRestart().OwnToTigger(),
        Choice("otlp_protocol", "grpc", Choices.OtlpProtocols, c => c.OtlpProtocol, (c, v) => c with { OtlpProtocol = v }, "How: grpc, or http (protobuf, to /v1/metrics and /v1/traces).").NeedsRestart().OwnToTigger(),
        WholeSeconds("otlp_interval", "15", c => c.OtlpInterval, (c, v) => c with { OtlpInterval = v }, "How often metrics are sent to the collector.").NeedsRestart().OwnToTigger(),
    ];
}
