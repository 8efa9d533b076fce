using System.Runtime.InteropServices;

namespace Tigger.Kernel.Calls;

/// <summary>struct tg_socket, as it begins: behind the slot is a program's own scratch space.</summary>
[StructLayout(LayoutKind.Sequential, Size = ByteSize)]
internal readonly struct RemoteSocket(SocketEnd end)
{
    private const int ByteSize = 288;

    private readonly SocketEnd _end = end;
}
