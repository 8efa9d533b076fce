namespace Tigger.Mirroring;

/// <summary>
/// Which sessions are mirrored. A session's id is mixed to a number from 0 to 1, and those below the fraction are taken: the
/// same for all mirrors, so that of two the one with the larger fraction has all sessions of the other.
/// </summary>
internal static class Sampling
{
    /// <param name="client">The session's id.</param>
    /// <param name="fraction">0: none, 1: all.</param>
    public static bool Takes(long client, decimal fraction) => Mix((ulong)client) < (double)fraction;

    /// <summary>Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014): the mixer of SplitMix64.</summary>
    private static double Mix(ulong value)
    {
        const int MantissaBits = 53;
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        value ^= value >> 31;
        return (value >> (64 - MantissaBits)) * (1.0 / (1L << MantissaBits));
    }
}
