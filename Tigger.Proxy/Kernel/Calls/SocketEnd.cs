using System.Runtime.InteropServices;

namespace Tigger.Kernel.Calls;

/// <summary>struct tg_end: whose slot a socket has.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct SocketEnd
{
    /// <summary>TG_END_SERVER of enum tg_end_kind.</summary>
    private const uint ServerKind = 1;

    /// <summary>TG_END_CLIENT_SIDE.</summary>
    private const uint ClientSideKind = 2;

    /// <summary>TG_END_CLIENT_REMOTE.</summary>
    private const uint RemoteClientKind = 4;

    /// <summary>TG_END_SERVER_REMOTE.</summary>
    private const uint RemoteServerKind = 5;

    private readonly uint _slot;
    private readonly uint _generation;
    private readonly uint _kind;
    private readonly uint _padding;

    /// <param name="server">A server.</param>
    /// <param name="remote">It is on another host, and this is our end of its connection; else the backend's.</param>
    public SocketEnd(ServerKey server, bool remote = false)
    {
        _slot = server.Slot;
        _generation = server.Generation;
        _kind = remote ? RemoteServerKind : ServerKind;
    }

    /// <param name="client">A client on another host, of whose connection this is our end.</param>
    /// <param name="sends">For what our end sends; else for what arrives there.</param>
    public SocketEnd(ClientKey client, bool sends = false)
    {
        _slot = client.Slot;
        _generation = client.Generation;
        _kind = sends ? ClientSideKind : RemoteClientKind;
    }
}
