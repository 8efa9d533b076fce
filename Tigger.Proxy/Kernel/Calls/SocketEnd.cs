using System.Runtime.InteropServices;

namespace Tigger.Kernel.Calls;

/// <summary>struct tg_end: whose slot a socket has.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct SocketEnd
{
    private readonly uint _slot;
    private readonly uint _generation;
    private readonly uint _isServer;
    private readonly uint _padding;

    public SocketEnd(ServerKey server)
    {
        _slot = server.Slot;
        _generation = server.Generation;
        _isServer = 1;
    }
}
