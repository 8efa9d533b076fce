using System.Runtime.InteropServices;

namespace Tigger.Benchmarks;

/// <summary>Without these, numbers cannot be compared with others.</summary>
internal sealed record MachineInfo(string Processor, int Processors, long MemoryMebibytes, string Kernel, string Runtime, string Commit, DateTimeOffset Time)
{
    public static async Task<MachineInfo> ReadAsync() => new(
        Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20,
        (await File.ReadAllTextAsync("/proc/sys/kernel/osrelease")).Trim(),
        RuntimeInformation.FrameworkDescription,
        await Repository.CommitAsync(),
        TimeProvider.System.GetUtcNow());

    private static string? Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
