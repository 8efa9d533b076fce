using System.Numerics;
using System.Runtime.CompilerServices;
using Tigger.Kernel.Slots;

namespace Tigger.Kernel;

/// <summary>
/// Numbers of times by length: bucket i counts those of 2^i to 2^(i+1) times 64 ns, the first one what is shorter and the
/// last one what is longer too.
/// </summary>
[InlineArray(SlotLimits.Buckets)]
public struct TimeHistogram
{
    private const double Unit = 64;

    private ulong _first;

    /// <summary>Upper end of a bucket in nanoseconds; the last one has none.</summary>
    public static long UpperEnd(int bucket) => (long)End(bucket);

    /// <summary>The bucket of a time; tg_bucket() in tg_stats.h is its twin.</summary>
    public static int BucketOf(long nanoseconds) =>
        nanoseconds < 2 * (long)Unit ? 0 : Math.Min(BitOperations.Log2((ulong)nanoseconds / (ulong)Unit), SlotLimits.Buckets - 1);

    /// <summary>Counts a time in; any thread may.</summary>
    public void Record(long nanoseconds) => Interlocked.Increment(ref this[BucketOf(nanoseconds)]);

    public void Add(in TimeHistogram other)
    {
        for (int i = 0; i < SlotLimits.Buckets; i++)
        {
            this[i] += other[i];
        }
    }

    /// <summary>How many times there are.</summary>
    public readonly ulong Count
    {
        get
        {
            ulong sum = 0;
            foreach (ulong count in this)
            {
                sum += count;
            }

            return sum;
        }
    }

    /// <summary>Upper end of the last bucket that is not empty: nothing was longer. Zero when there are no times.</summary>
    public readonly TimeSpan UpperBound
    {
        get
        {
            ReadOnlySpan<ulong> counts = this;
            int last = counts.LastIndexOfAnyExcept(0ul);
            return last < 0 ? TimeSpan.Zero : Nanoseconds(End(last));
        }
    }

    /// <summary>
    /// The time that a share of all times does not exceed, as if the times of a bucket were spread over it evenly. Zero when
    /// there are no times.
    /// </summary>
    /// <param name="share">Above 0, at most 1.</param>
    public readonly TimeSpan Quantile(double share)
    {
        double left = share * Count;
        for (int i = 0; i < SlotLimits.Buckets; i++)
        {
            double inside = this[i];
            if (inside > 0 && left <= inside)
            {
                return Nanoseconds(Begin(i) + (End(i) - Begin(i)) * left / inside);
            }

            left -= inside;
        }

        return UpperBound;
    }

    /// <summary>Counts one time.</summary>
    public void Add(TimeSpan time)
    {
        double units = time.TotalNanoseconds / Unit;
        this[units < 2 ? 0 : Math.Min(SlotLimits.Buckets - 1, (int)Math.Log2(units))]++;
    }

    private static double Begin(int bucket) => bucket == 0 ? 0 : Unit * (1L << bucket);

    private static double End(int bucket) => Unit * (1L << (bucket + 1));

    private static TimeSpan Nanoseconds(double time) => TimeSpan.FromTicks((long)Math.Ceiling(time / TimeSpan.NanosecondsPerTick));
}
