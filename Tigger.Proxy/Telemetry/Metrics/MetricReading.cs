using Tigger.Kernel;

namespace Tigger.Telemetry.Metrics;

/// <summary>All metrics at one moment.</summary>
public sealed class MetricReading
{
    private readonly Dictionary<MetricDefinition, Dictionary<string, MetricValue>> _values = [];
    private readonly Dictionary<MetricDefinition, Dictionary<string, MetricTimes>> _times = [];

    /// <summary>Values of a metric that is no histogram.</summary>
    public IReadOnlyCollection<MetricValue> ValuesOf(MetricDefinition metric) => _values.TryGetValue(metric, out var found) ? found.Values : [];

    /// <summary>Values of a metric that is one.</summary>
    public IReadOnlyCollection<MetricTimes> TimesOf(MetricDefinition metric) => _times.TryGetValue(metric, out var found) ? found.Values : [];

    /// <summary>Values under the same labels are put together: sums are added, of values of the moment the largest stays.</summary>
    public void Add(MetricDefinition metric, double value, params string[] labels)
    {
        Dictionary<string, MetricValue> values = Of(_values, metric, labels, out string key);
        double before = values.GetValueOrDefault(key)?.Value ?? 0;
        values[key] = new MetricValue(labels, metric.Kind == MetricKind.Gauge ? Math.Max(before, value) : before + value);
    }

    /// <param name="metric">A histogram.</param>
    /// <param name="times">How many by length.</param>
    /// <param name="sum">All times together, in seconds.</param>
    /// <param name="labels">Values of its labels.</param>
    public void AddTimes(MetricDefinition metric, in TimeHistogram times, double sum, params string[] labels)
    {
        Dictionary<string, MetricTimes> values = Of(_times, metric, labels, out string key);
        TimeHistogram all = times;
        if (values.TryGetValue(key, out MetricTimes? before))
        {
            all.Add(before.Times);
            sum += before.Sum;
        }

        values[key] = new MetricTimes(labels, all, sum);
    }

    private static Dictionary<string, T> Of<T>(
        Dictionary<MetricDefinition, Dictionary<string, T>> all, MetricDefinition metric, string[] labels, out string key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Length, metric.Labels.Length);
        key = string.Join('\0', labels);
        if (!all.TryGetValue(metric, out Dictionary<string, T>? values))
        {
            all[metric] = values = [];
        }

        return values;
    }
}
