using System.Globalization;
using System.Xml.Linq;
using Tigger.Benchmarks.Report.Charts;

namespace Tigger.Tests.Reports;

/// <summary>The axes and charts of the benchmark report: a wrong axis is a wrong claim.</summary>
public sealed class ChartsTests
{
    [Theory]
    [InlineData(0, 100, new double[] { 0, 20, 40, 60, 80, 100 })]
    [InlineData(0, 47_300, new double[] { 0, 10_000, 20_000, 30_000, 40_000 })]
    [InlineData(0, 0.9, new[] { 0, 0.2, 0.4, 0.6, 0.8 })]
    [InlineData(5, 5, new double[] { 5 })]
    public void Linear_OfARange_AreRoundNumbersWithinIt(double min, double max, double[] expected) =>
        Assert.Equal(expected, Ticks.Linear(min, max, 5).Select(tick => Math.Round(tick, 6)));

    [Theory]
    [InlineData(0.9, 60, new double[] { 1, 2, 5, 10, 20, 50 })]
    [InlineData(0.01, 10_000, new[] { 0.01, 0.1, 1, 10, 100, 1000, 10_000 })]
    public void Logarithmic_OfARange_AreWithinIt(double min, double max, double[] expected) =>
        Assert.Equal(expected, Ticks.Logarithmic(min, max).Select(tick => Math.Round(tick, 6)));

    [Fact]
    public void Text_OfLargeNumbers_IsShort() =>
        Assert.Equal(["0.25", "8", "9999", "10k", "47.3k", "1.2M"], new[] { 0.25, 8, 9999, 10_000, 47_300, 1_200_000 }.Select(Ticks.Text));

    [Fact]
    public void Share_OfEqualSteps_IsEqual()
    {
        Axis linear = new("", 0, 200, false), logarithmic = new("", 1, 100, true);
        Assert.Equal([0, 0.25, 1], new double[] { 0, 50, 200 }.Select(linear.Share));
        Assert.Equal([0, 0.5, 1], new double[] { 1, 10, 100 }.Select(value => Math.Round(logarithmic.Share(value), 9)));
    }

    [Fact]
    public void FromZero_EndsAtARoundNumberAboveAllValues()
    {
        var axis = Axis.FromZero("", [3, 47, 12]);
        Assert.Equal(0, axis.Min);
        Assert.InRange(axis.Max, 47, 60);
        Assert.Contains(axis.Max, axis.Ticks);
    }

    [Fact]
    public void LineChart_OfPoints_DrawsThemWhereTheAxesSay()
    {
        Axis x = new("clients", 1, 100, true), y = new("tps <k>", 0, 10, false);
        var svg = XElement.Parse(LineChart.Render("a & b", x, y, [new("one", "direct", [(1, 0), (10, 5), (100, 10)]), new("none", "pgbouncer", [])]));
        var points = Assert.Single(svg.Elements("polyline")).Attribute("points")!.Value.Split(' ')
            .Select(point => point.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        Assert.True(points[0][0] < points[1][0] && points[1][0] < points[2][0]);
        Assert.True(points[0][1] > points[1][1] && points[1][1] > points[2][1], "up is more");
        Assert.Equal(points[1][0] - points[0][0], points[2][0] - points[1][0], 1);
        // A tick stands where a point of its value does.
        var tick = svg.Elements("text").Single(text => text.Value == "10" && text.Attribute("text-anchor")!.Value == "middle");
        Assert.Equal(points[1][0], double.Parse(tick.Attribute("x")!.Value, CultureInfo.InvariantCulture), 1);
        Assert.DoesNotContain("none", svg.Elements("text").Select(text => text.Value));
        Assert.Contains("tps <k>", svg.Elements("text").Select(text => text.Value));
    }

    [Fact]
    public void RatioChart_OfALoss_GrowsToTheLeftAndSaysSo()
    {
        var svg = XElement.Parse(RatioChart.Render("to PgBouncer", [("work", [0.8, 1.6])], [("a", "direct"), ("b", "tigger-user")]));
        var bars = svg.Elements("rect").Where(bar => bar.Attribute("height")!.Value != "10").Select(bar => double.Parse(bar.Attribute("x")!.Value, CultureInfo.InvariantCulture)).ToArray();
        Assert.True(bars[0] < bars[1]);
        Assert.Equal(["0.80"], svg.Elements("text").Where(text => text.Attribute("class")!.Value.Contains("loss", StringComparison.Ordinal)).Select(text => text.Value));
    }
}
