using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>An open directory of the cgroup v2 tree, which programs can be attached to.</summary>
public sealed class CgroupDirectory : IDisposable
{
    /// <summary>O_CLOEXEC, the same everywhere .NET runs (asm-generic/fcntl.h).</summary>
    private const int CloseOnExec = 0x80000;

    /// <summary>O_DIRECTORY, which arm64 has elsewhere (asm/fcntl.h).</summary>
    private static readonly int DirectoryOnly = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    private readonly SafeFileHandle _handle;

    public CgroupDirectory(string path)
    {
        Path = path;
        _handle = new SafeFileHandle(LibC.Open(path, DirectoryOnly | CloseOnExec), ownsHandle: true);
        BpfException.Check(_handle, $"open {path}");
    }

    public string Path { get; }

    /// <summary>Valid until disposed.</summary>
    internal int Fd => (int)_handle.DangerousGetHandle();

    public void Dispose() => _handle.Dispose();
}
