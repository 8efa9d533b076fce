using Tigger.Kernel;

namespace Tigger.Tests.Fixtures;

/// <summary>
/// Whether tests of the kernel path can run. On a developer's machine anything missing is a reason to skip. In CI only a
/// machine that refuses BPF to this process is: where it is permitted, a missing library or mount fails the tests.
/// </summary>
internal static class BpfAvailability
{
    private static readonly bool IsCi = Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Null when they can; else a reason that contains "BPF", as run-tests.sh wants it.</summary>
    public static string? SkipReason { get; } = FindReason();

    private static string? FindReason()
    {
        var missing = CapabilitySet.OfThisProcess().MissingForBpf;
        if (missing.Count > 0)
            return $"BPF is not permitted to this process: {string.Join(", ", missing)} missing";
        if (IsCi)
            return null;
        var report = KernelSupport.Prerequisites();
        return report.Usable ? null : $"BPF is not usable here: {string.Join("; ", report.Reasons)}";
    }
}
