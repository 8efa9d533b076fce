using Tigger.Hosting.Systemd;

namespace Tigger.Tests.Hosting;

public sealed class WatchdogTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData("0", null, null)]
    [InlineData("x", null, null)]
    [InlineData("30000000", null, 30.0)]
    [InlineData("30000000", "", 30.0)]
    [InlineData("30000000", "1", null)]
    public void IntervalOf_Environment_IsForThisProcessOnly(string? microseconds, string? processId, double? seconds) =>
        Assert.Equal(seconds, Watchdog.IntervalOf(microseconds, processId)?.TotalSeconds);

    [Fact]
    public void IntervalOf_OwnProcessId_IsTheInterval() =>
        Assert.Equal(TimeSpan.FromSeconds(1), Watchdog.IntervalOf("1000000", $"{Environment.ProcessId}"));
}
