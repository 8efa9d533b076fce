using System.Globalization;

namespace Tigger.Benchmarks.Report;

/// <summary>How much memory a process holds.</summary>
internal static class ProcessMemory
{
    private const string Field = "VmRSS:";

    /// <summary>Resident bytes.</summary>
    public static long Resident(int processId) => File.ReadLines($"/proc/{processId}/status")
        .Where(line => line.StartsWith(Field, StringComparison.Ordinal))
        .Select(line => long.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) << 10)
        .FirstOrDefault();
}
