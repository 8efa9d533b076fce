using Microsoft.Extensions.Logging;
using Tigger.Telemetry;

namespace Tigger.Tests.Telemetry;

public sealed class RepeatLimitTests
{
    private readonly List<string> _summaries = [];

    private RepeatLimit Limit(int maximum) => new(TimeProvider.System, entry => _summaries.Add(entry.Text)) { Maximum = maximum };

    private static LogEntry Entry(string text, LogLevel level = LogLevel.Warning) => new(level, 1, text);

    [Fact]
    public void Allows_MoreThanTheMaximum_LeavesOutAndSumsUp()
    {
        using (var limit = Limit(2))
        {
            Assert.Equal([true, true, false, false, false], Enumerable.Range(98, 5).Select(i => limit.Allows(Entry($"C-{i}: lost"))));
            Assert.True(limit.Allows(Entry("C-1: another thing")));
            Assert.Equal(3, limit.Suppressed);
            Assert.Empty(_summaries);
        }

        Assert.Equal(["C-102: lost [3 lines like this left out in 10 s]"], _summaries);
    }

    [Fact]
    public void Allows_LinesOfEveryConnection_AllOfThem()
    {
        using var limit = Limit(1);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(limit.Allows(Entry("login attempt", LogLevel.Information))));
    }

    [Fact]
    public void Allows_NoMaximum_AllOfThem()
    {
        using var limit = Limit(0);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(limit.Allows(Entry("lost"))));
    }

    [Fact]
    public void Allows_MoreKindsThanAreKept_AreWritten()
    {
        using var limit = Limit(1);
        Assert.All(Enumerable.Range(0, 1000), i => Assert.True(limit.Allows(Entry($"lost {new string('x', i)}"))));
    }
}
