using System.Globalization;
using System.Text.RegularExpressions;

namespace Tigger.Tests.Fixtures;

/// <summary>Reads Prometheus' text format strictly: what it cannot read fails the test.</summary>
public static partial class PrometheusScrape
{
    public static MetricSet Parse(string text)
    {
        var set = new MetricSet { IsPrometheus = true };
        var types = new Dictionary<string, string>();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                Assert.True(types.TryAdd(words[2], words[3]), $"twice: {line}");
            }
            else if (!line.StartsWith("# HELP ", StringComparison.Ordinal) && line != "# EOF")
            {
                var match = Sample().Match(line);
                Assert.True(match.Success, $"no sample: {line}");
                var labels = Label().Matches(match.Groups["labels"].Value).Select(one => KeyValuePair.Create(one.Groups["name"].Value, one.Groups["value"].Value));
                set.Add(match.Groups["name"].Value, labels, double.Parse(match.Groups["value"].Value, NumberStyles.Float, CultureInfo.InvariantCulture));
            }
        }

        return set;
    }

    [GeneratedRegex(""""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\[\\"n])*",?)*)\})? (?<value>[-+0-9.eE]+)$"""")]
    private static partial Regex Sample();

    [GeneratedRegex("(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=\"(?<value>([^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Label();
}
