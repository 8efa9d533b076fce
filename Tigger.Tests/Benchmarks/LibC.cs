using System.Runtime.InteropServices;

namespace Tigger.Benchmarks;

/// <summary>Calls of the C library that .NET has no name for.</summary>
internal static partial class LibC
{
    public const int SigInt = 2;
    public const int SigKill = 9;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint GetEffectiveUserId();
}
