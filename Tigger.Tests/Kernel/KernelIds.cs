using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tigger.Tests.Kernel;

/// <summary>Asks the kernel whether something with an id still exists.</summary>
internal static partial class KernelIds
{
    private const string Library = "libbpf.so.1";

    public static bool HasProgram(uint id) => Exists(ProgramById(id));

    public static bool HasMap(uint id) => Exists(MapById(id));

    public static bool HasLink(uint id) => Exists(LinkById(id));

    private static bool Exists(int fd)
    {
        using SafeFileHandle handle = new(fd, ownsHandle: true);
        return fd >= 0;
    }

    [LibraryImport(Library, EntryPoint = "bpf_prog_get_fd_by_id")]
    private static partial int ProgramById(uint id);

    [LibraryImport(Library, EntryPoint = "bpf_map_get_fd_by_id")]
    private static partial int MapById(uint id);

    [LibraryImport(Library, EntryPoint = "bpf_link_get_fd_by_id")]
    private static partial int LinkById(uint id);
}
