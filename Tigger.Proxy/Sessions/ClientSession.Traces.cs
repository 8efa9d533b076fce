using Tigger.Config;
using Tigger.Pooling;
using Tigger.Protocol;
using Tigger.Telemetry;

namespace Tigger.Sessions;

/// <summary>
/// Session state that a client of transaction pooling leaves on its server: noticed in the replies, and dealt with at the end of
/// the transaction as <c>dirty_server</c> says. All members are called with the lock held.
/// </summary>
public sealed partial class ClientSession
{
    private void NoteRequest(ReadOnlySpan<byte> message)
    {
        if (_server is { } server && Pool.Settings.WatchesSessions && message.Length == MessageFramer.HeaderLength + _framer.BodyLength)
        {
            server.Traces.Request(_framer.Type, message[MessageFramer.HeaderLength..]);
        }
    }

    private void NoteCommand(ReadOnlySpan<byte> body)
    {
        if (Pool.Settings.WatchesSessions)
        {
            _server!.Traces.CommandComplete(body);
        }
    }

    private void NoteColumns(ReadOnlySpan<byte> body)
    {
        if (Pool.Settings.WatchesSessions)
        {
            _server!.Traces.Columns(body);
        }
    }

    /// <summary>
    /// At the end of a transaction: whether the server stays with this client, because it is pinned, or will say in a moment
    /// whether it has to be.
    /// </summary>
    private bool Keeps(ServerConnection server)
    {
        SessionTraces traces = server.Traces;
        traces.TransactionEnds();
        if (traces.Found == SessionTrace.None)
        {
            return server.IsPinned = false;
        }

        switch (Pool.Settings.Effective.DirtyServer)
        {
            case DirtyServerMode.Pin:
                return Pins(server);
            case DirtyServerMode.Reset:
                Pool.NoteDirty(server);
                return false;
            case DirtyServerMode.Warn when !traces.IsNoted && (traces.Found & SessionTrace.Certain) != 0:
                Pool.NoteDirty(server);
                return false;
            default:
                return server.IsPinned = false;
        }
    }

    /// <summary>A SET is final until DISCARD ALL; of anything else the server knows better whether it has left something.</summary>
    private bool Pins(ServerConnection server)
    {
        SessionTraces traces = server.Traces;
        bool isSet = (traces.Found & (SessionTrace.Setting | SessionTrace.SettingInBlock)) != 0;
        if (!isSet && (traces.MayBeClean || !server.IsPinned))
        {
            traces.MayBeClean = false;
            server.BeginTask(ServerTask.Question, Pool.SessionQuestion);
        }
        else if (!server.IsPinned)
        {
            Pin(server);
        }

        return true;
    }

    /// <summary>The server has answered whether its session is as it was.</summary>
    private void OnSessionAnswer(ServerConnection server)
    {
        if (!server.Notifications.IsEmpty)
        {
            byte[] notifications = new byte[server.Notifications.Length];
            server.Notifications.MoveTo(notifications);
            if (_out.SendThrough(_transport, notifications) is < 0 and not Net.LoopSocket.WouldBlock)
            {
                EndBy(SessionEndReason.ClientVanished);
                return;
            }
        }

        if (!server.IsAnsweredYes)
        {
            server.Traces.Clear();
            server.IsPinned = false;
            UnlinkIfDone();
        }
        else
        {
            server.Traces.Confirm();
            if (!server.IsPinned)
            {
                Pin(server);
            }
        }
    }

    private void Pin(ServerConnection server)
    {
        server.IsPinned = true;
        Pool.NoteDirty(server);
        Pool.Registry.Counters.Count(PoolerCounter.ServerPinned);
    }
}
