using System.Runtime.InteropServices;

namespace Tigger.Kernel.Interop;

/// <summary>
/// Whether libbpf can be loaded at all. Asked before anything in <see cref="LibBpf"/> is called, so that a missing library is
/// an answer and not an exception from the first call.
/// </summary>
internal static class LibBpfLibrary
{
    private static readonly Lazy<bool> Loaded = new(Load);

    public static bool IsAvailable => Loaded.Value;

    /// <summary>For example <c>v1.1</c>: libbpf tells major and minor only.</summary>
    public static unsafe string Version => Marshal.PtrToStringUTF8((nint)LibBpf.VersionString()) ?? "";

    /// <exception cref="BpfException">libbpf is not installed.</exception>
    public static void Require()
    {
        if (!IsAvailable)
        {
            throw new BpfException($"{LibBpf.Library} is not installed (Debian: libbpf1)");
        }
    }

    private static bool Load()
    {
        if (!NativeLibrary.TryLoad(LibBpf.Library, typeof(LibBpf).Assembly, searchPath: null, out _))
        {
            return false;
        }

        LibBpfLog.Install();
        return true;
    }
}
