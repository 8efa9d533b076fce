using System.Runtime.InteropServices;

namespace Tigger.Kernel.Calls;

/// <summary>struct tg_end: whose slot a socket has.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct SocketEnd
{
    /// <summary>TG_END_SERVER of enum tg_end_kind.</summary>
    private const uint ServerKind = 1;

    /// <summary>TG_END_CLIENT_REMOTE.</summary>
    private const uint RemoteClientKind = 4;

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

    /// <param name="client">A client on another host, of whose connection this is our end.</param>
    public SocketEnd(ClientKey client)
    {
        _slot = client.Slot;
        _generation = client.Generation;
        _kind = RemoteClientKind;
    }
}
