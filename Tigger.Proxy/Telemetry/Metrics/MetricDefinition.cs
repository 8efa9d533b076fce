using System.Text;

namespace Tigger.Telemetry.Metrics;

/// <summary>A metric as the outside knows it.</summary>
/// <param name="Name">OpenTelemetry's name, with dots.</param>
/// <param name="Kind">What its value does.</param>
/// <param name="Unit">UCUM: <c>s</c>, <c>By</c>, <c>1</c>, or what is counted in braces.</param>
/// <param name="Description">One line for people.</param>
/// <param name="Labels">Names of the attributes every value has, in the order of their values.</param>
public sealed record MetricDefinition(string Name, MetricKind Kind, string Unit, string Description, params string[] Labels)
{
    /// <summary>
    /// The name in Prometheus' text, as OpenTelemetry's compatibility rules derive it: underscores, the unit in words, and
    /// <c>_total</c> behind a counter.
    /// </summary>
    public string PrometheusName { get; } = Translate(Name, Kind, Unit);

    /// <summary>The labels' names in Prometheus' text.</summary>
    public IReadOnlyList<string> PrometheusLabels { get; } = [.. Labels.Select(Underscored)];

    /// <summary>Prometheus' type: it has no up-down counter.</summary>
    public string PrometheusType => Kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    private static string Translate(string name, MetricKind kind, string unit)
    {
        StringBuilder text = new(Underscored(name));
        text.Append(unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        });
        return text.Append(kind == MetricKind.Counter ? "_total" : "").ToString();
    }

    private static string Underscored(string name) => name.Replace('.', '_');
}
