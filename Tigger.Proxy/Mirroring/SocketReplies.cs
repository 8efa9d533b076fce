using Tigger.Net;
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

    public void Note(byte type)
    {
        if (!_ledger.ClientMessage(type))
        {
            throw new InvalidDataException("too many requests in one transaction");
        }
    }

    public bool TakeIn()
    {
        byte[] buffer = RelayBuffer.ForThisThread();
        while (true)
        {
            int held = server.Held.MoveTo(buffer);
            int count = server.Transport.Receive(buffer.AsSpan(held));
            if (count <= 0)
            {
                server.Held.Append(buffer.AsSpan(0, held));
                return count switch
                {
                    LoopSocket.WouldBlock => _ledger.IsQuiet && server.Framer.AtBoundary && server.Held.IsEmpty,
                    0 => throw new EndOfStreamException("the mirror closed the connection"),
                    _ => throw SocketFailure.Create("recv", -count),
                };
            }

            ReadOnlySpan<byte> data = buffer.AsSpan(0, held + count);
            int done = ReplyWalker.Walk(ref server.Framer, server.MaximumMessage, data, this, out bool valid);
            if (!valid)
            {
                throw new InvalidDataException("the mirror broke the protocol");
            }

            server.Held.Append(data[done..]);
        }
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

    bool IReplySink.OnWholeMessage(byte type, ReadOnlySpan<byte> body, int at)
    {
        switch (type)
        {
            case BackendCode.ReadyForQuery:
                _reply = _reply with
                {
                    ReadyForQuery = _reply.ReadyForQuery + 1,
                    Status = body.Length == 1 ? body[0] : (byte)0,
                    EndedAt = server.Pool.Clock.GetTimestamp(),
                };
                return _ledger.ReadyForQuery();
            case BackendCode.ParameterStatus:
                return server.TakeParameter(body);
            case BackendCode.CommandComplete when CommandTag.EndsStatements(body):
                _reply = _reply with { EndedStatements = true };
                return true;
            case BackendCode.ErrorResponse:
                _reply = _reply with { SqlState = _reply.SqlState ?? ErrorFields.Parse(body).SqlState };
                return true;
            default:
                return true;
        }
    }
}
