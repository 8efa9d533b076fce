using System.Diagnostics.Metrics;
using Tigger.Hosting;

namespace Tigger.Telemetry.Metrics;

/// <summary>
/// The metrics as instruments of .NET, for OpenTelemetry and <c>dotnet-counters</c>. All are observed: each call reads what is counted
/// anyway. Histograms are missing: instruments of that kind want every single time, but the kernel keeps counts
/// (<see cref="Otlp.HistogramMessage"/> sends those).
/// </summary>
internal sealed class TiggerMeter : IDisposable
{
    private readonly Meter _meter = new(MetricNames.Meter, ProductVersion.Text);

    public TiggerMeter(MetricCollector collector)
    {
        foreach (MetricDefinition metric in MetricNames.All)
        {
            switch (metric.Kind)
            {
                case MetricKind.Counter:
                    _meter.CreateObservableCounter(metric.Name, () => Observe(collector, metric), metric.Unit, metric.Description);
                    break;
                case MetricKind.UpDownCounter:
                    _meter.CreateObservableUpDownCounter(metric.Name, () => Observe(collector, metric), metric.Unit, metric.Description);
                    break;
                case MetricKind.Gauge:
                    _meter.CreateObservableGauge(metric.Name, () => Observe(collector, metric), metric.Unit, metric.Description);
                    break;
            }
        }
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<double>> Observe(MetricCollector collector, MetricDefinition metric) =>
        collector.Read().ValuesOf(metric).Select(value => new Measurement<double>(
            value.Value, metric.Labels.Zip(value.Labels, (name, text) => KeyValuePair.Create<string, object?>(name, text))));
}
