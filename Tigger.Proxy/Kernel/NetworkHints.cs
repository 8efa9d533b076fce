using System.Globalization;
using System.Text;

namespace Tigger.Kernel;

/// <summary>
/// How each network interface spreads its packets over the CPUs. Clients and PostgreSQL on other hosts are served on the CPU where
/// their packets arrive. Hints only: what is best depends on the machine, and Tigger changes none of it. Measured on two CPUs with
/// veth: GRO helps most, threaded NAPI on top of it does not, and RPS, which wakes the other CPU for each packet, does harm.
/// </summary>
internal static class NetworkHints
{
    private const string Directory = "/sys/class/net";

    /// <summary>RPS did harm on as many processors.</summary>
    private const int TooFewForRps = 2;

    public static IEnumerable<KernelCheck> OfThisMachine() => Of(Directory, Environment.ProcessorCount, NetworkDevice.HasGro);

    /// <param name="directory">Where the kernel lists the interfaces.</param>
    /// <param name="processors">How many there are.</param>
    /// <param name="hasGro">Whether the named interface puts segments together (GRO); null: it does not say.</param>
    public static IEnumerable<KernelCheck> Of(string directory, int processors, Func<string, bool?> hasGro) =>
        System.IO.Directory.Exists(directory)
            ? System.IO.Directory.GetDirectories(directory).Order(StringComparer.Ordinal)
                .Where(place => Path.GetFileName(place) != "lo" && Read(place, "operstate") is "up" or "unknown")
                .Select(place => Of(place, processors, hasGro(Path.GetFileName(place))))
            : [];

    private static KernelCheck Of(string place, int processors, bool? gro)
    {
        string name = Path.GetFileName(place);
        string[] queues = [.. Queues(place)];
        bool spreads = queues.Length >= processors || queues.Any(queue => Read(queue, "rps_cpus").Any(digit => digit is not ('0' or ',')));
        bool isThreaded = Read(place, "threaded") is not ("" or "0");
        List<string> remedies = [];
        if (gro == false)
        {
            remedies.Add($"ethtool -K {name} gro on");
        }

        if (!spreads && !isThreaded && processors > TooFewForRps)
        {
            remedies.AddRange(queues.Select(queue => $"echo {Mask(processors)} > {queue}/rps_cpus"));
        }

        string finding = string.Create(
            CultureInfo.InvariantCulture,
            $"receive queues {queues.Length} for {processors} CPUs, RPS {(spreads ? "not needed or on" : "off")}, threaded NAPI {OnOff(isThreaded)}, GRO {(gro is { } known ? OnOff(known) : "unknown")}");
        return remedies.Count == 0
            ? KernelCheck.Ok($"network {name}", finding)
            : new KernelCheck($"network {name}", CheckState.Ok, $"{finding}; a hint for ends on other hosts", $"measure with: {string.Join("; ", remedies)}");
    }

    private static string OnOff(bool on) => on ? "on" : "off";

    private static IEnumerable<string> Queues(string place)
    {
        string queues = Path.Combine(place, "queues");
        return System.IO.Directory.Exists(queues) ? System.IO.Directory.GetDirectories(queues, "rx-*").Order(StringComparer.Ordinal) : [];
    }

    /// <summary>Every processor, as the kernel writes it: 32 to a group, the highest first.</summary>
    private static string Mask(int processors)
    {
        StringBuilder mask = new();
        for (int first = (processors - 1) / 32 * 32; first >= 0; first -= 32)
        {
            uint group = processors - first >= 32 ? uint.MaxValue : (1u << (processors - first)) - 1;
            mask.Append(CultureInfo.InvariantCulture, $"{(mask.Length > 0 ? "," : "")}{group:x}");
        }

        return mask.ToString();
    }

    /// <summary>Empty where the kernel has no such file, or does not let us read it.</summary>
    private static string Read(string place, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(place, file)).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
