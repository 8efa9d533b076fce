using System.Globalization;

namespace Tigger.Kernel;

/// <summary>The effective capabilities of a process: bit n is capability n.</summary>
public readonly record struct CapabilitySet(ulong Bits)
{
    private const string Field = "CapEff:";

    /// <summary>The names of those of <see cref="Capability"/> that are there.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            CapabilitySet self = this;
            return [.. Enum.GetValues<Capability>().Where(self.Has).Select(NameOf)];
        }
    }

    /// <summary>The names of the capabilities the kernel path lacks here; empty when it has all.</summary>
    public IReadOnlyList<string> MissingForBpf
    {
        get
        {
            List<Capability> missing = [];
            if (!Has(Capability.Bpf) && !Has(Capability.SysAdmin)) missing.Add(Capability.Bpf);
            if (!Has(Capability.NetAdmin)) missing.Add(Capability.NetAdmin);
            if (!Has(Capability.Perfmon) && !Has(Capability.SysAdmin)) missing.Add(Capability.Perfmon);
            return [.. missing.Select(NameOf)];
        }
    }

    public static CapabilitySet OfThisProcess() => Parse(File.ReadAllText("/proc/self/status"));

    /// <summary>Reads proc_pid_status(5).</summary>
    public static CapabilitySet Parse(string status)
    {
        string? line = status.Split('\n').FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        ulong bits = 0;
        if (line is not null)
        {
            _ = ulong.TryParse(line.AsSpan(Field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out bits);
        }

        return new CapabilitySet(bits);
    }

    public bool Has(Capability capability) => (Bits >> (int)capability & 1) != 0;

    private static string NameOf(Capability capability) => capability switch
    {
        Capability.Bpf => "CAP_BPF",
        Capability.NetAdmin => "CAP_NET_ADMIN",
        Capability.Perfmon => "CAP_PERFMON",
        Capability.SysAdmin => "CAP_SYS_ADMIN",
        _ => throw new ArgumentOutOfRangeException(nameof(capability)),
    };
}
