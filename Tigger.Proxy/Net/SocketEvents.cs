namespace Tigger.Net;

/// <summary>What epoll reports of a socket; values are those of <c>epoll_ctl(2)</c>.</summary>
[Flags]
public enum SocketEvents : uint
{
    None = 0,
    Readable = 0x001,
    Writable = 0x004,
    Error = 0x008,
    HangUp = 0x010,
    PeerClosed = 0x2000,
    EdgeTriggered = 1u << 31,

    /// <summary>The peer will send no more, or the connection broke.</summary>
    Ended = Error | HangUp | PeerClosed,
}
