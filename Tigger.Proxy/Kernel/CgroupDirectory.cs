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

    /// <summary>Programs of this kind that run here, those of the cgroups above included. Needs CAP_NET_ADMIN.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public unsafe int CountPrograms(BpfAttachType type)
    {
        const uint Effective = 1;
        uint count = 0;
        BpfException.Check(LibBpf.QueryPrograms(Fd, (int)type, Effective, null, null, &count), $"bpf_prog_query of {Path}");
        return (int)count;
    }

    public void Dispose() => _handle.Dispose();
}
