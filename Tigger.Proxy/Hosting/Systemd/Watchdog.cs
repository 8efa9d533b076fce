using System.Globalization;
using Tigger.Net;

namespace Tigger.Hosting.Systemd;

/// <summary>
/// Tells the service manager twice in each of its intervals (<c>WATCHDOG_USEC</c>) that the process is alive, if it is: when every
/// event loop has had a turn since it was last asked to. Silence makes the manager restart the service.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private readonly Timer _timer;

    private Watchdog(TimeSpan interval, EventLoops loops, ServiceManager manager)
    {
        _ = loops.HaveTurned();
        _timer = new Timer(
            _ =>
            {
                if (loops.HaveTurned())
                {
                    manager.Alive();
                }
            },
            null,
            interval / 2,
            interval / 2);
    }

    /// <summary>Null: nobody watches this process.</summary>
    public static Watchdog? OfThisProcess(EventLoops loops, ServiceManager manager) =>
        IntervalOf(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID")) is { } interval
            ? new Watchdog(interval, loops, manager)
            : null;

    /// <summary>sd_watchdog_enabled(3): the interval, if it is set and for this process.</summary>
    internal static TimeSpan? IntervalOf(string? microseconds, string? processId) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long interval) && interval > 0
            && (string.IsNullOrEmpty(processId) || processId == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(interval)
            : null;

    public void Dispose() => _timer.Dispose();
}
