using System.Runtime.InteropServices;

namespace Tigger.Kernel.Interop;

/// <summary>The C library calls that only the kernel path needs; those of the event loops are in <see cref="Net.LibC"/>.</summary>
internal static unsafe partial class LibC
{
    private const string Library = "libc";

    /// <summary>open(2) without a mode: .NET opens no directories.</summary>
    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    /// <summary>mmap(2).</summary>
    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint MapMemory(nint address, nuint length, int protection, int flags, int fd, nint offset);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    public static partial int UnmapMemory(nint address, nuint length);

    /// <summary>poll(2).</summary>
    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    /// <summary>ioctl(2).</summary>
    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, void* argument);

    /// <summary>Formats into at most <paramref name="size"/> bytes with the terminating zero; returns the length it would need.</summary>
    [LibraryImport(Library, EntryPoint = "vsnprintf")]
    public static partial int FormatList(byte* buffer, nuint size, byte* format, byte* arguments);
}
