namespace Tigger.Kernel;

/// <summary>How often a program ran, and for how long in all. The kernel counts only while kernel.bpf_stats_enabled is 1.</summary>
public readonly record struct ProgramRuns(string Program, TimeSpan Time, ulong Runs);
