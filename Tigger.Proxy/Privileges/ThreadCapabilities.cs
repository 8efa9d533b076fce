using System.Globalization;

namespace Tigger.Privileges;

/// <summary>The sets of capabilities of a thread, capabilities(7): bit n is capability n.</summary>
public readonly record struct ThreadCapabilities(ulong Effective, ulong Permitted, ulong Inheritable, ulong Bounding, ulong Ambient)
{
    // linux/capability.h
    private const int Chown = 0, DacOverride = 1, DacReadSearch = 2, FileOwner = 3, Kill = 5, SetGroup = 6, SetUser = 7, BindService = 10;

    /// <summary>
    /// What a Tigger started as root goes on with: for reading its files again at a reload, for its log, a low port, and the
    /// servers of the demonstration, which run as another user. Nothing of it is for BPF.
    /// </summary>
    public const ulong Kept =
        1ul << Chown | 1ul << DacOverride | 1ul << DacReadSearch | 1ul << FileOwner | 1ul << Kill | 1ul << SetGroup | 1ul << SetUser
        | 1ul << BindService;

    /// <summary>Whether there is anything that serving clients does not need.</summary>
    public bool HasMoreThanKept => ((Permitted | Ambient) & ~Kept) != 0;

    public static ThreadCapabilities OfThisThread() => Parse(File.ReadAllText("/proc/thread-self/status"));

    /// <summary>Reads proc_pid_status(5).</summary>
    public static ThreadCapabilities Parse(string status)
    {
        return new ThreadCapabilities(Field("CapEff:"), Field("CapPrm:"), Field("CapInh:"), Field("CapBnd:"), Field("CapAmb:"));

        ulong Field(string name) => status.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            && ulong.TryParse(line.AsSpan(name.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong bits)
            ? bits
            : 0;
    }
}
