using Tigger.Handover;
using Tigger.Kernel;
using Tigger.Sessions;

namespace Tigger.Tests.Kernel;

/// <summary>Percentiles from buckets that double in width, and the programs' figures beside those of sessions.</summary>
public sealed class TimeHistogramTests
{
    [Fact]
    public void Quantile_NoTimes_IsZero()
    {
        TimeHistogram none = default;
        Assert.Equal((0ul, TimeSpan.Zero, TimeSpan.Zero), (none.Count, none.Quantile(0.5), none.UpperBound));
    }

    [Theory]
    [InlineData(0.25, 98_304)]
    [InlineData(0.5, 131_072)]
    [InlineData(0.75, 196_608)]
    [InlineData(1, 262_144)]
    public void Quantile_TwoBuckets_IsInterpolated(double share, long nanoseconds)
    {
        TimeHistogram times = default;
        times[10] = 100; // 65.5 to 131 µs
        times[11] = 100; // 131 to 262 µs
        Assert.Equal(200ul, times.Count);
        Assert.Equal(nanoseconds, times.Quantile(share).TotalNanoseconds, (double)TimeSpan.NanosecondsPerTick);
        Assert.Equal(262_144, times.UpperBound.TotalNanoseconds, (double)TimeSpan.NanosecondsPerTick);
    }

    [Fact]
    public void Quantile_FirstAndLastBucket_StayInTheirBounds()
    {
        TimeHistogram times = default;
        times[0] = 1;
        times[31] = 1;
        Assert.InRange(times.Quantile(0.5).TotalNanoseconds, 64, 200);
        Assert.InRange(times.UpperBound.TotalSeconds, 274, 275);
    }

    [Theory]
    [InlineData(1_000_000_000, 3_000_000)]
    [InlineData(10_000_000, 30_000)]
    public void ToCounters_EveryFigure_InTheUnitsOfSessions(long frequency, long threeMilliseconds)
    {
        KernelStatistics counted = new()
        {
            Transactions = 1,
            Queries = 2,
            Received = 3,
            Sent = 4,
            TransactionTime = 3_000_000,
            QueryTime = 3_000_000,
            WaitTime = 3_000_000,
            Assignments = 5,
        };
        SessionCounters expected = new()
        {
            Transactions = 1,
            Queries = 2,
            Received = 3,
            Sent = 4,
            TransactionTime = threeMilliseconds,
            QueryTime = threeMilliseconds,
            WaitTime = threeMilliseconds,
            Assignments = 5,
        };
        Assert.Equal(expected, counted.ToCounters(frequency));
    }
}
