using System.Globalization;

namespace Tigger.Kernel;

/// <summary>What the programs cost.</summary>
public sealed partial class KernelPath
{
    private static readonly string[] TimedPrograms = ["tigger_message", "tigger_segment", "tigger_sock_ops"];

    /// <summary>
    /// Of the programs that connections pay for; empty while the kernel does not count. Read from /proc, because the process
    /// has no capability left to ask bpf(2) for more.
    /// </summary>
    public IReadOnlyList<ProgramRuns> ProgramRuns() =>
        [.. TimedPrograms.Select(name => RunsOf(_object.Program(name))).Where(one => one.Runs > 0)];

    private static ProgramRuns RunsOf(BpfProgram program)
    {
        Dictionary<string, string> facts = File.ReadLines($"/proc/self/fdinfo/{program.Fd}")
            .Select(line => line.Split(':', StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1]);
        return new ProgramRuns(program.Name, TimeSpan.FromMicroseconds(Number("run_time_ns") / 1000.0), Number("run_cnt"));

        ulong Number(string name) =>
            ulong.TryParse(facts.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : 0;
    }
}
