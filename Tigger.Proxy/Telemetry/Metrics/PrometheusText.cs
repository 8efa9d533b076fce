using System.Globalization;
using System.Text;

namespace Tigger.Telemetry.Metrics;

/// <summary>A reading as Prometheus scrapes it: its text format 0.0.4, or OpenMetrics 1.0 for scrapers that ask for it.</summary>
public static class PrometheusText
{
    public const string PlainType = "text/plain; version=0.0.4; charset=utf-8";

    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private const string Total = "_total";

    public static string Write(MetricReading reading, bool openMetrics)
    {
        StringBuilder text = new();
        foreach (MetricDefinition metric in MetricNames.All)
        {
            WriteMetric(text, reading, metric, openMetrics);
        }

        return text.Append(openMetrics ? "# EOF\n" : "").ToString();
    }

    private static void WriteMetric(StringBuilder text, MetricReading reading, MetricDefinition metric, bool openMetrics)
    {
        IReadOnlyCollection<MetricValue> values = reading.ValuesOf(metric);
        IReadOnlyCollection<MetricTimes> times = reading.TimesOf(metric);
        if (values.Count == 0 && times.Count == 0)
        {
            return;
        }

        // OpenMetrics has the name of a counter's family without what its sample ends with.
        string name = metric.PrometheusName;
        string family = openMetrics && metric.Kind == MetricKind.Counter ? name[..^Total.Length] : name;
        Line(text, $"# HELP {family} {Escaped(metric.Description, quotes: openMetrics)}");
        Line(text, $"# TYPE {family} {metric.PrometheusType}");
        foreach (MetricValue value in values)
        {
            Line(text, $"{name}{Braces(Labels(metric, value.Labels))} {Number(value.Value)}");
        }

        foreach (MetricTimes value in times)
        {
            WriteTimes(text, name, Labels(metric, value.Labels), value);
        }
    }

    private static void WriteTimes(StringBuilder text, string name, string labels, MetricTimes value)
    {
        ulong[] counts = TimeBuckets.Counts(value.Times);
        ulong sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            sum += counts[i];
            string bound = i < TimeBuckets.Bounds.Count ? Number(TimeBuckets.Bounds[i]) : "+Inf";
            Line(text, $"{name}_bucket{{{labels},le=\"{bound}\"}} {sum}");
        }

        Line(text, $"{name}_sum{Braces(labels)} {Number(value.Sum)}");
        Line(text, $"{name}_count{Braces(labels)} {sum}");
    }

    private static string Labels(MetricDefinition metric, string[] values) =>
        string.Join(',', metric.PrometheusLabels.Zip(values, (name, value) => $"{name}=\"{Escaped(value, quotes: true)}\""));

    private static string Braces(string labels) => labels.Length == 0 ? "" : $"{{{labels}}}";

    private static string Number(double value) => value.ToString("0.################", CultureInfo.InvariantCulture);

    private static string Escaped(string text, bool quotes)
    {
        string escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
