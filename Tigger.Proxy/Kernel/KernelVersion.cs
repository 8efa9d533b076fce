using System.Buffers;
using System.Globalization;

namespace Tigger.Kernel;

/// <summary>A version of Linux. Distributions backport: it tells what to expect, a test tells what is there.</summary>
public readonly record struct KernelVersion(int Major, int Minor, int Patch) : IComparable<KernelVersion>
{
    /// <summary>The first release of each maintained series with the corrections that sk_skb redirection needs.</summary>
    private static readonly KernelVersion[] FixedSegments = [new(5, 15, 190), new(6, 1, 142), new(6, 6, 94), new(6, 12, 34)];

    /// <summary>From here on every series has them.</summary>
    private static readonly KernelVersion FixedSegmentsMainline = new(6, 16, 0);

    private static readonly SearchValues<char> Numeric = SearchValues.Create("0123456789.");

    /// <summary>
    /// Whether redirection of arriving segments (sk_skb, for remote ends) neither loses nor doubles data: mainline commits
    /// 3b4f14b79428, 7683167196bd and 5ca2e29f6834 and their backports.
    /// </summary>
    public bool HasSegmentFixes
    {
        get
        {
            KernelVersion self = this;
            return self >= FixedSegmentsMainline
                || FixedSegments.Any(first => first.Major == self.Major && first.Minor == self.Minor && self >= first);
        }
    }

    public static bool operator <(KernelVersion left, KernelVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(KernelVersion left, KernelVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(KernelVersion left, KernelVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(KernelVersion left, KernelVersion right) => left.CompareTo(right) >= 0;

    /// <summary>From <c>uname -r</c>; null when that is no version.</summary>
    public static KernelVersion? OfThisMachine() => Parse(File.ReadAllText("/proc/sys/kernel/osrelease"));

    /// <summary>Reads the numbers a release begins with: <c>6.1.0-18-amd64</c>, <c>6.18.44</c>, <c>6.16-rc1</c>.</summary>
    public static KernelVersion? Parse(string release)
    {
        int end = release.AsSpan().IndexOfAnyExcept(Numeric);
        string[] parts = release[..(end < 0 ? release.Length : end)].Split('.', StringSplitOptions.RemoveEmptyEntries);
        Span<int> numbers = stackalloc int[3];
        for (int i = 0; i < Math.Min(parts.Length, numbers.Length); i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return null;
        }

        return parts.Length < 2 ? null : new KernelVersion(numbers[0], numbers[1], numbers[2]);
    }

    public int CompareTo(KernelVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public override string ToString() => $"{Major}.{Minor}.{Patch}";
}
