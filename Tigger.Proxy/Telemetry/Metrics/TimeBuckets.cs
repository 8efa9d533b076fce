using Tigger.Kernel;
using Tigger.Kernel.Slots;

namespace Tigger.Telemetry.Metrics;

/// <summary>
/// The buckets that histograms are shown in: those of <see cref="TimeHistogram"/> from 8 µs on; what is shorter is put together.
/// No time is moved from one bucket to another by that.
/// </summary>
public static class TimeBuckets
{
    /// <summary>The bucket that ends at 8.192 µs.</summary>
    private const int First = 6;

    private const double NanosecondsPerSecond = 1_000_000_000;

    /// <summary>
    /// Upper ends in seconds, the last bucket's (+Inf) left out. A time of exactly that length is in the bucket above; at
    /// nanoseconds that is of no matter.
    /// </summary>
    public static IReadOnlyList<double> Bounds { get; } =
        [.. Enumerable.Range(First, SlotLimits.Buckets - 1 - First).Select(bucket => TimeHistogram.UpperEnd(bucket) / NanosecondsPerSecond)];

    /// <summary>One count per bucket, one more than there are <see cref="Bounds"/>.</summary>
    public static ulong[] Counts(in TimeHistogram times)
    {
        ulong[] counts = new ulong[Bounds.Count + 1];
        for (int i = 0; i < SlotLimits.Buckets; i++)
        {
            counts[Math.Max(0, i - First)] += times[i];
        }

        return counts;
    }
}
