namespace Tigger.Net;

/// <summary>Receives the readiness of one socket, on the thread of the loop the socket belongs to.</summary>
public interface ISocketHandler
{
    /// <summary>
    /// The socket became ready. Edge-triggered: the handler reads or writes until the kernel says "would block", or remembers
    /// that it stopped earlier. Must not block.
    /// </summary>
    void OnReady(SocketEvents events);
}
