using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Tigger.Config;
using Tigger.Hosting;
using Tigger.Telemetry.Metrics;

namespace Tigger.Telemetry.Otlp;

/// <summary>
/// Sends metrics to an OpenTelemetry collector, every <c>otlp_interval</c> and once more at the end. What the settings leave open
/// (headers, timeout, attributes of the resource) the OTEL_* environment variables say.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    private const string HttpPath = "v1/metrics";
    private const int ShutdownMilliseconds = 1000;

    private readonly TiggerMeter _meter;
    private readonly MeterProvider _provider;

    private OtlpExport(TiggerConfig config, MetricCollector collector, TimeProvider clock)
    {
        _meter = new TiggerMeter(collector);
        HistogramAppender appender = new(collector, clock);
        _provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("tigger", serviceVersion: ProductVersion.Text).AddEnvironmentVariableDetector())
            .AddMeter(MetricNames.Meter)
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Endpoint = EndpointOf(config);
                exporter.Protocol = config.OtlpProtocol == OtlpProtocol.Http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
                exporter.HttpClientFactory = () => new HttpClient(appender) { Timeout = TimeSpan.FromMilliseconds(exporter.TimeoutMilliseconds) };

                // Whatever the environment says: nothing can be put behind what is compressed.
                exporter.Compression = OtlpExportCompression.None;
                reader.TemporalityPreference = MetricReaderTemporalityPreference.Cumulative;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)config.OtlpInterval.TotalMilliseconds;
            })
            .Build();
        appender.Resource = _provider.GetResource().Attributes;
    }

    public static OtlpExport Start(TiggerConfig config, MetricCollector collector, TimeProvider clock) => new(config, collector, clock);

    public void Dispose()
    {
        _provider.Shutdown(ShutdownMilliseconds);
        _provider.Dispose();
        _meter.Dispose();
    }

    /// <summary>A bare http://host:port stands for the path that OTLP has for metrics.</summary>
    private static Uri EndpointOf(TiggerConfig config)
    {
        Uri endpoint = new(config.OtlpEndpoint);
        return config.OtlpProtocol == OtlpProtocol.Http && endpoint.AbsolutePath == "/" ? new Uri(endpoint, HttpPath) : endpoint;
    }
}
