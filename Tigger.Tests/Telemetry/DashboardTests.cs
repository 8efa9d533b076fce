using System.Text.Json;
using System.Text.RegularExpressions;
using Tigger.Config;
using Tigger.Telemetry.Metrics;
using Tigger.Tests.Packages;
using YamlDotNet.Serialization;

namespace Tigger.Tests.Telemetry;

/// <summary>What dashboard and alerts ask Prometheus for is what Tigger tells it: names, labels, and how histograms are spelt.</summary>
public sealed partial class DashboardTests
{
    private static readonly HashSet<string> Samples = [.. MetricNames.All.SelectMany(SamplesOf)];

    private static readonly HashSet<string> Labels = [.. MetricNames.All.SelectMany(metric => metric.PrometheusLabels), "instance", "job", "le"];

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted { get; }

    [GeneratedRegex(@"\b(tigger|db_client)_[a-z0-9_]+")]
    private static partial Regex OwnName { get; }

    [GeneratedRegex(@"\bby \(([^)]*)\)|([a-z_]+)\s*(?:=~|!=|=(?!=))")]
    private static partial Regex LabelUse { get; }

    [Fact]
    public void Dashboard_EveryQuery_AsksForWhatIsThere()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Repository.File("deploy", "grafana", "tigger.json")));
        var queries = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!)
            .Concat(dashboard.RootElement.GetProperty("annotations").GetProperty("list").EnumerateArray().Select(list => list.GetProperty("expr").GetString()!))
            .ToList();
        Assert.True(queries.Count >= 14, $"{queries.Count} queries");
        Assert.All(queries, AssertKnown);
    }

    [Fact]
    public void Alerts_EveryExpression_AsksForWhatIsThere()
    {
        var yaml = new DeserializerBuilder().Build().Deserialize<Dictionary<string, List<Dictionary<string, object>>>>(
            File.ReadAllText(Repository.File("deploy", "prometheus", "alerts.yaml")));
        var rules = ((List<object>)yaml["groups"][0]["rules"]).Cast<Dictionary<object, object>>().ToList();
        Assert.True(rules.Count >= 9, $"{rules.Count} rules");
        Assert.All(rules, rule => AssertKnown((string)rule["expr"]));
    }

    /// <summary>The configuration that compose starts Tigger with, which Prometheus scrapes at the port it says.</summary>
    [Fact]
    public void Compose_Configuration_IsSound()
    {
        var result = ConfigLoader.Load(Repository.File("deploy", "compose", "tigger.yaml"));
        Assert.Empty(result.Faults);
        Assert.EndsWith(":9127", result.Config!.MetricsListen, StringComparison.Ordinal);
        Assert.Contains("tigger:9127", File.ReadAllText(Repository.File("deploy", "compose", "prometheus.yaml")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sum by (db_namespace) (rate(tigger_transaction_total[5m]))")]
    [InlineData("tigger_transaction_duration_seconds")]
    [InlineData("tigger_errors_total{sqlstate=\"53\"}")]
    public void A_query_for_what_is_not_there_is_noticed(string query) =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertKnown(query));

    private static void AssertKnown(string query)
    {
        var text = Quoted.Replace(query, "\"\"");
        var labels = LabelUse.Matches(text)
            .SelectMany(match => match.Groups[1].Success ? match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries) : [match.Groups[2].Value])
            .ToHashSet();
        Assert.All(labels, label => Assert.Contains(label, Labels));
        Assert.All(OwnName.Matches(text).Select(match => match.Value).Where(name => !labels.Contains(name)), name => Assert.Contains(name, Samples));
    }

    private static IEnumerable<string> SamplesOf(MetricDefinition metric) => metric.Kind == MetricKind.Histogram
        ? [$"{metric.PrometheusName}_bucket", $"{metric.PrometheusName}_sum", $"{metric.PrometheusName}_count"]
        : [metric.PrometheusName];
}
