using Tigger.Pooling;
using Tigger.Protocol;
using Tigger.Relay;

namespace Tigger.Mirroring;

/// <summary>Reads a mirror's replies from its socket and throws them away, but for what tells how the transaction went.</summary>
internal sealed class SocketReplies(ServerConnection server) : IMirrorReplies, IReplySink
{
    private readonly ReplyLedger _ledger = new();
    private MirrorReply _reply;

    public MirrorReply Reply => _reply;

    public bool IsUnclear => _ledger.MayCountPhantomSyncs;

    public void Begin()
    {
        _ledger.Reset();
        _reply = new MirrorReply(0, TransactionStatus.Idle, null, 0);
    }

    public void Note(byte type, ReadOnlySpan<byte> body)
    {
        if (server.Pool.Settings.WatchesSessions)
        {
            server.Traces.Request(type, body);
        }

        if (!_ledger.ClientMessage(type))
        {
            throw new InvalidDataException("too many requests in one transaction");
        }
    }

    public bool TakeIn()
    {
        MirrorInput.TakeIn(server, this);
        return _ledger.IsQuiet && MirrorInput.IsAtBoundary(server);
    }

    bool IReplySink.OnMessage(byte type)
    {
        if (!BackendCode.IsKnown(type))
        {
            return false;
        }

        if (type is not (BackendCode.DataRow or BackendCode.CopyData or BackendCode.ReadyForQuery or BackendCode.NoticeResponse
            or BackendCode.NotificationResponse or BackendCode.ParameterStatus))
        {
            _ledger.ServerMessage(type);
        }

        return true;
    }

    bool IReplySink.OnWholeMessage(byte type, ReadOnlySpan<byte> body, int at) =>
        MirrorInput.Note(ref _reply, server, type, body) && (type != BackendCode.ReadyForQuery || _ledger.ReadyForQuery());
}
