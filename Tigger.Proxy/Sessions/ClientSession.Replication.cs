using Tigger.Net;
using Tigger.Pooling;

namespace Tigger.Sessions;

/// <summary>
/// A client that replicates: linked to its own server from beginning to end, both closed together. After START_REPLICATION both
/// ends send when they like, so nothing is framed or counted; back-pressure is that of any other session.
/// </summary>
public sealed partial class ClientSession
{
    private bool IsReplication => Login.Replication != ReplicationMode.None;

    /// <summary>Begins to pass bytes on, in user space: the kernel path's programs frame what they move.</summary>
    internal void StartReplication(ServerConnection server, ReadOnlySpan<byte> alreadyRead)
    {
        lock (Sync)
        {
            _held.Append(alreadyRead);
            _heldIsRequest = !alreadyRead.IsEmpty;
            if (server.TryLink(this))
            {
                _server = server;
                _state = SessionState.Active;
            }
            else
            {
                EndBy(SessionEndReason.ServerSaidWhy);
            }
        }

        Socket.Handler = this;
        OnReady(SocketEvents.Readable | SocketEvents.Writable);
    }

    /// <summary>The server's bytes as they are. The lock is held.</summary>
    private void PassReplies(ReadOnlySpan<byte> data)
    {
        if (_out.SendThrough(_transport, data) is < 0 and not LoopSocket.WouldBlock)
        {
            EndBy(SessionEndReason.ClientVanished);
        }
    }
}
