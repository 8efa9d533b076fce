using System.Globalization;
using Tigger.Kernel;
using Tigger.Telemetry.Metrics;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Telemetry;

public sealed class PrometheusTextTests
{
    [Fact]
    public void All_NamesUnitsAndLabels_FollowTheRules()
    {
        Assert.Equal(MetricNames.All.Count, MetricNames.All.Select(metric => metric.Name).Distinct().Count());
        Assert.Equal(MetricNames.All.Count, MetricNames.All.Select(metric => metric.PrometheusName).Distinct().Count());
        Assert.All(MetricNames.All, metric =>
        {
            Assert.Matches("^[a-z][a-z_]*([.][a-z][a-z_]*)+$", metric.Name);
            Assert.Matches("^[a-z_]+$", metric.PrometheusName);
            Assert.Matches("^(s|By|1|[{][a-z_]+[}])$", metric.Unit);
            Assert.All(metric.PrometheusLabels, label => Assert.Matches("^[a-z_]+$", label));
            Assert.EndsWith(".", metric.Description, StringComparison.Ordinal);
        });
        var declared = typeof(MetricNames).GetProperties().Count(property => property.PropertyType == typeof(MetricDefinition));
        Assert.Equal(declared, MetricNames.All.Count);
    }

    [Fact]
    public void Write_LabelsThatNeedIt_AreEscaped()
    {
        MetricReading reading = new();
        reading.Add(MetricNames.Paused, 1, "a\"b\\c\nd");
        Assert.Contains("tigger_database_paused{db_namespace=\"a\\\"b\\\\c\\nd\"} 1\n", PrometheusText.Write(reading, openMetrics: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Times_AreCumulativeAndComplete()
    {
        TimeHistogram times = default;
        times.Record(100);
        times.Record(10_000);
        times.Record(10_000);
        times.Record(long.MaxValue);
        MetricReading reading = new();
        reading.AddTimes(MetricNames.QueryTime, times, 1.5, "d", "u", "user");
        var set = PrometheusScrape.Parse(PrometheusText.Write(reading, openMetrics: false));
        Assert.Equal(1, set.Sum("tigger_query_duration_seconds_bucket", ("le", "0.000008192")));
        Assert.Equal(3, set.Sum("tigger_query_duration_seconds_bucket", ("le", "0.000016384")));
        Assert.Equal(3, set.Sum("tigger_query_duration_seconds_bucket", ("le", TimeBuckets.Bounds[^1].ToString("0.################", CultureInfo.InvariantCulture))));
        Assert.Equal(4, set.Sum("tigger_query_duration_seconds_bucket", ("le", "+Inf")));
        Assert.Equal((4, 1.5), (set.Sum("tigger_query_duration_seconds_count"), set.Sum("tigger_query_duration_seconds_sum")));
    }

    [Fact]
    public void Add_SameLabels_SumsAddUpAndGaugesKeepTheLargest()
    {
        MetricReading reading = new();
        reading.Add(MetricNames.Waiting, 2, "p", "d", "u");
        reading.Add(MetricNames.Waiting, 3, "p", "d", "u");
        reading.Add(MetricNames.LongestWait, 2, "d", "u");
        reading.Add(MetricNames.LongestWait, 1, "d", "u");
        Assert.Equal(5, Assert.Single(reading.ValuesOf(MetricNames.Waiting)).Value);
        Assert.Equal(2, Assert.Single(reading.ValuesOf(MetricNames.LongestWait)).Value);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(127, 0)]
    [InlineData(128, 1)]
    [InlineData(255, 1)]
    [InlineData(256, 2)]
    [InlineData(1_000_000, 13)]
    [InlineData(long.MaxValue, 31)]
    public void BucketOf_Time_IsTheProgramsBucket(long nanoseconds, int bucket) => Assert.Equal(bucket, TimeHistogram.BucketOf(nanoseconds));
}
