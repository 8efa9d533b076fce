using Tigger.Telemetry.Metrics;

namespace Tigger.Tests.Fixtures;

/// <summary>
/// Metrics as somebody outside got them, by name and labels. A histogram has three entries more for its count and sum and for each bucket:
/// <c>name_count</c>, <c>name_sum</c>, and <c>name_bucket</c> with the label <c>le</c> (counts up to there, as Prometheus has them).
/// </summary>
public sealed class MetricSet
{
    private readonly Dictionary<string, double> _values = [];

    public IEnumerable<string> Keys => _values.Keys;

    public void Add(string name, IEnumerable<KeyValuePair<string, string>> labels, double value) => _values.Add(KeyOf(name, labels), value);

    /// <summary>The sum over all values whose labels include the given ones; fails when there is none.</summary>
    public double Sum(string name, params (string Name, string Value)[] labels)
    {
        var found = Matching(name, labels).ToList();
        Assert.True(found.Count > 0, $"no {name} with {string.Join(", ", labels)} among\n{string.Join('\n', _values.Keys)}");
        return found.Sum();
    }

    /// <summary>The same, 0 when there is none.</summary>
    public double SumOrZero(string name, params (string Name, string Value)[] labels) => Matching(name, labels).Sum();

    public string NameOf(MetricDefinition metric) => IsPrometheus ? metric.PrometheusName : metric.Name;

    public string NameOf(string label) => IsPrometheus ? label.Replace('.', '_') : label;

    public required bool IsPrometheus { get; init; }

    private IEnumerable<double> Matching(string name, (string Name, string Value)[] labels) => _values
        .Where(one => one.Key.StartsWith(name + "{", StringComparison.Ordinal))
        .Where(one => labels.All(label => one.Key.Contains($"|{NameOf(label.Name)}={label.Value}|", StringComparison.Ordinal)))
        .Select(one => one.Value);

    private static string KeyOf(string name, IEnumerable<KeyValuePair<string, string>> labels) =>
        $"{name}{{|{string.Concat(labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}|"))}}}";
}
