using System.Globalization;

namespace Tigger.Tests.Fixtures;

/// <summary>What the whole machine has left: the only number that holds socket buffers and everybody's memory.</summary>
internal static class HostMemory
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static long AvailableBytes()
    {
        var line = File.ReadLines("/proc/meminfo").First(text => text.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>The least of a second, so that what others take for a moment is not counted against us later.</summary>
    public static async Task<long> LeastAvailableAsync()
    {
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++, await Task.Delay(Interval))
            least = Math.Min(least, AvailableBytes());
        return least;
    }
}
