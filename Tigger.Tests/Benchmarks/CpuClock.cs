using System.Globalization;

namespace Tigger.Benchmarks;

/// <summary>Processor time used so far, in microseconds, read from /proc.</summary>
internal readonly record struct CpuClock(double ProxyUser, double ProxySystem, double Machine)
{
    // The kernel reports to user space in hundredths of a second on every architecture .NET runs on.
    private const double MicrosecondsPerTick = 10_000;

    public static CpuClock Read(int? processId)
    {
        (double user, double system) = processId is int id ? ReadProcess(id) : (0, 0);
        return new(user, system, ReadMachine());
    }

    public CpuClock Since(CpuClock begin) =>
        new(ProxyUser - begin.ProxyUser, ProxySystem - begin.ProxySystem, Machine - begin.Machine);

    /// <summary>All threads of the process, those that ended included.</summary>
    private static (double User, double System) ReadProcess(int processId)
    {
        string line = File.ReadAllText($"/proc/{processId}/stat");

        // The name in parentheses may hold spaces; fields are counted from behind it: utime is the 12th, stime the 13th.
        string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return (Ticks(fields[11]), Ticks(fields[12]));
    }

    /// <summary>Busy time of all processors. Guest time is part of user time already; stolen time did no work here.</summary>
    private static double ReadMachine()
    {
        string[] fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        (string user, string nice, string system, string irq, string softIrq) = (fields[1], fields[2], fields[3], fields[6], fields[7]);
        return Ticks(user) + Ticks(nice) + Ticks(system) + Ticks(irq) + Ticks(softIrq);
    }

    private static double Ticks(string field) => long.Parse(field, CultureInfo.InvariantCulture) * MicrosecondsPerTick;
}
