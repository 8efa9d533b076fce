using System.Runtime.InteropServices;

namespace Tigger.Kernel.Calls;

/// <summary>struct tg_end: whose slot a socket has.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct SocketEnd
{
    /// <summary>TG_END_SERVER of enum tg_end_kind.</summary>
    private const uint ServerKind = 1;

    private readonly uint _slot;
    private readonly uint _generation;
    private readonly uint _kind;
    private readonly uint _padding;

    public SocketEnd(ServerKey server)
    {
        _slot = server.Slot;
        _generation = server.Generation;
        _kind = ServerKind;
    }
}
