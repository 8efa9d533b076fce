using Tigger.Hosting;
using Tigger.Telemetry.Metrics;

namespace Tigger.Telemetry.Otlp;

/// <summary>
/// The histograms of a reading as a ResourceMetrics of OTLP (opentelemetry/proto/metrics/v1/metrics.proto). The SDK has no way to take
/// histograms that somebody else has counted.
/// </summary>
internal static class HistogramMessage
{
    private const int Cumulative = 2;

    /// <param name="reading">The histograms.</param>
    /// <param name="resource">What the SDK says of this process.</param>
    /// <param name="start">Since when they are counted, in nanoseconds since 1970.</param>
    /// <param name="now">When they were read.</param>
    /// <returns>The field <c>resource_metrics</c> of an ExportMetricsServiceRequest, to stand behind others.</returns>
    public static ProtobufMessage Build(MetricReading reading, IEnumerable<KeyValuePair<string, object>> resource, ulong start, ulong now)
    {
        ProtobufMessage scope = new ProtobufMessage()
            .Message(1, new ProtobufMessage().Text(1, MetricNames.Meter).Text(2, ProductVersion.Text));
        foreach (MetricDefinition metric in MetricNames.All.Where(metric => metric.Kind == MetricKind.Histogram))
        {
            if (reading.TimesOf(metric) is { Count: > 0 } times)
            {
                scope.Message(2, Metric(metric, times, start, now));
            }
        }

        ProtobufMessage attributes = new();
        foreach ((string key, object value) in resource)
        {
            attributes.Message(1, Attribute(key, value.ToString() ?? ""));
        }

        return new ProtobufMessage().Message(1, new ProtobufMessage().Message(1, attributes).Message(2, scope));
    }

    private static ProtobufMessage Metric(MetricDefinition metric, IEnumerable<MetricTimes> times, ulong start, ulong now)
    {
        ProtobufMessage histogram = new();
        foreach (MetricTimes value in times)
        {
            histogram.Message(1, Point(metric, value, start, now));
        }

        histogram.Number(2, Cumulative);
        return new ProtobufMessage().Text(1, metric.Name).Text(2, metric.Description).Text(3, metric.Unit).Message(9, histogram);
    }

    private static ProtobufMessage Point(MetricDefinition metric, MetricTimes value, ulong start, ulong now)
    {
        ulong[] counts = TimeBuckets.Counts(value.Times);
        ProtobufMessage point = new ProtobufMessage()
            .Fixed64(2, start)
            .Fixed64(3, now)
            .Fixed64(4, value.Times.Count)
            .Double(5, value.Sum)
            .Packed(6, counts)
            .Packed(7, TimeBuckets.Bounds.ToArray());
        foreach ((string name, string text) in metric.Labels.Zip(value.Labels))
        {
            point.Message(9, Attribute(name, text));
        }

        return point;
    }

    private static ProtobufMessage Attribute(string key, string value) =>
        new ProtobufMessage().Text(1, key).Message(2, new ProtobufMessage().Text(1, value));
}
