namespace Tigger.Pooling;

/// <summary>Pauses between attempts that fail: short at first, twice as long each time.</summary>
internal static class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);

    /// <summary>The timestamp of the next attempt.</summary>
    /// <param name="clock">Where timestamps come from.</param>
    /// <param name="failures">How many attempts failed before this one, in a row.</param>
    /// <param name="longest">No pause is longer.</param>
    public static long Until(TimeProvider clock, int failures, TimeSpan longest)
    {
        TimeSpan pause = First * Math.Pow(2, Math.Min(failures, 20));
        return clock.GetTimestamp() + (long)((pause < longest ? pause : longest).TotalSeconds * clock.TimestampFrequency);
    }
}
