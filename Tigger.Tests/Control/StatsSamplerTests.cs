using Tigger.Control;
using Tigger.Sessions;
using Tigger.Tests.Admin;

namespace Tigger.Tests.Control;

public sealed class StatsSamplerTests
{
    private static readonly SessionCounters Second = new()
    {
        Assignments = 30,
        Transactions = 60,
        Queries = 120,
        Received = 6000,
        Sent = 60_000,
        TransactionTime = 60 * TimeSpan.TicksPerMillisecond,
        QueryTime = 60 * TimeSpan.TicksPerMillisecond,
        WaitTime = 6 * TimeSpan.TicksPerSecond,
        ClientParses = 60,
        ServerParses = 60,
        Binds = 180,
    };

    [Fact]
    public void Read_Totals_TimesInMicroseconds()
    {
        using ConsoleFixture console = new(new ManualClock());
        console.Sampler.Console.Add(Second);

        DatabaseStatistics row = Assert.Single(console.Sampler.Read());

        Assert.Equal("pgbouncer", row.Database);
        Assert.Equal([30, 60, 120, 6000, 60_000, 60_000, 60_000, 6_000_000, 60, 60, 180], row.Totals.Values);
    }

    [Fact]
    public void Read_Averages_PerSecondAndTimesPerTransactionAndQuery()
    {
        ManualClock clock = new();
        using ConsoleFixture console = new(clock);
        Tick(console, clock);
        Tick(console, clock);
        console.Sampler.Console.Add(Second);

        // Averages count from the sample before the last: one whole period, and what has passed since.
        Assert.Equal([0, 1, 2, 100, 1000, 1000, 500, 100_000, 1, 1, 3], console.Sampler.ReadAll().Averages.Values);
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(50, console.Sampler.ReadAll().Averages[StatsFigure.Received]);
    }

    [Fact]
    public void Tick_TwoPeriodsLater_OldWorkNoLongerCounts()
    {
        ManualClock clock = new();
        using ConsoleFixture console = new(clock);
        console.Sampler.Console.Add(Second);
        Tick(console, clock);
        Assert.NotEqual(0, console.Sampler.ReadAll().Averages[StatsFigure.Queries]);
        Tick(console, clock);

        Assert.Equal(StatsFigures.Zero.Values, console.Sampler.ReadAll().Averages.Values);
        Assert.Equal(120, console.Sampler.ReadAll().Totals[StatsFigure.Queries]);
    }

    [Fact]
    public void Observe_SmallerTotals_NeverGoDown()
    {
        StatsHistory history = new();
        history.Observe(StatsFigures.From(Second, TimeSpan.TicksPerSecond), StatsFigures.Zero);
        history.Observe(StatsFigures.Zero, StatsFigures.Zero);

        Assert.Equal(120, history.Latest[StatsFigure.Queries]);
    }

    private static void Tick(ConsoleFixture console, ManualClock clock)
    {
        clock.Advance(TimeSpan.FromSeconds(60));
        console.Sampler.Tick(clock.GetTimestamp());
    }
}
