using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Tigger.Config;
using Tigger.Hosting;
using Tigger.Telemetry.Metrics;
using Tigger.Telemetry.Traces;

namespace Tigger.Telemetry.Otlp;

/// <summary>
/// Sends metrics and spans to an OpenTelemetry collector, every <c>otlp_interval</c> and once more at the end. What the settings leave open
/// (headers, timeout, attributes of the resource) the OTEL_* environment variables say.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    private const string MetricsPath = "v1/metrics";
    private const string TracesPath = "v1/traces";
    private const int ShutdownMilliseconds = 1000;

    private readonly TiggerMeter _meter;
    private readonly MeterProvider _provider;
    private readonly TracerProvider _traces;

    private OtlpExport(TiggerConfig config, MetricCollector collector, TimeProvider clock)
    {
        _meter = new TiggerMeter(collector);
        HistogramAppender appender = new(collector, clock);
        _provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(MetricNames.Meter)
            .AddOtlpExporter((exporter, reader) =>
            {
                SetTarget(exporter, config, MetricsPath);
                exporter.HttpClientFactory = () => new HttpClient(appender) { Timeout = TimeSpan.FromMilliseconds(exporter.TimeoutMilliseconds) };

                // Whatever the environment says: nothing can be put behind what is compressed.
                exporter.Compression = OtlpExportCompression.None;
                reader.TemporalityPreference = MetricReaderTemporalityPreference.Cumulative;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)config.OtlpInterval.TotalMilliseconds;
            })
            .Build();
        appender.Resource = _provider.GetResource().Attributes;
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource(TraceSource.Name)
            .SetSampler(new AlwaysOnSampler())
            .AddOtlpExporter(exporter =>
            {
                SetTarget(exporter, config, TracesPath);
                exporter.BatchExportProcessorOptions.ScheduledDelayMilliseconds = (int)config.OtlpInterval.TotalMilliseconds;
            })
            .Build();
    }

    public static OtlpExport Start(TiggerConfig config, MetricCollector collector, TimeProvider clock) => new(config, collector, clock);

    public void Dispose()
    {
        _traces.Shutdown(ShutdownMilliseconds);
        _traces.Dispose();
        _provider.Shutdown(ShutdownMilliseconds);
        _provider.Dispose();
        _meter.Dispose();
    }

    private static void Describe(ResourceBuilder resource) =>
        resource.AddService("tigger", serviceVersion: ProductVersion.Text).AddEnvironmentVariableDetector();

    private static void SetTarget(OtlpExporterOptions exporter, TiggerConfig config, string path)
    {
        bool isHttp = config.OtlpProtocol == OtlpProtocol.Http;
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = isHttp ? EndpointOf(config.OtlpEndpoint, path) : new Uri(config.OtlpEndpoint);
    }

    /// <summary>A bare http://host:port stands for the paths that OTLP has; a path is that of metrics, beside which traces have theirs.</summary>
    private static Uri EndpointOf(string endpoint, string path) =>
        new Uri(endpoint).AbsolutePath == "/" ? new Uri(new Uri(endpoint), path)
        : new Uri(endpoint.EndsWith(MetricsPath, StringComparison.Ordinal) ? endpoint[..^MetricsPath.Length] + path : endpoint);
}
