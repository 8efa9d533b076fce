using System.Runtime.InteropServices;

namespace Tigger.Privileges;

/// <summary>The C library calls that change what a thread may do, and what program it is.</summary>
internal static unsafe partial class LibC
{
    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "gettid")]
    public static partial int ThreadId();

    /// <summary>prctl(2).</summary>
    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    public static partial int Control(int operation, nuint argument, nuint none3, nuint none4, nuint none5);

    /// <summary>capset(2): a header of two words and, for each of effective, permitted and inheritable, low before high, data of six.</summary>
    [LibraryImport(Library, EntryPoint = "capset", SetLastError = true)]
    public static partial int SetCapabilities(uint* header, uint* data);

    /// <summary>fcntl(2).</summary>
    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int ControlDescriptor(int fd, int command, int argument);

    [LibraryImport(Library, EntryPoint = "execve", SetLastError = true)]
    public static partial int Execute(byte* path, byte** arguments, byte** environment);
}
