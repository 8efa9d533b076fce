using System.Runtime.InteropServices;

namespace Tigger.Kernel.Interop;

/// <summary>struct pollfd (poll.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry(int fd)
{
    /// <summary>POLLIN.</summary>
    public const short Readable = 1;

    public int Fd = fd;
    public short Events = Readable;

    /// <summary>Written by the kernel.</summary>
    public short Returned;
}
