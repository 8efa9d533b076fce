using Tigger.Net;
using Tigger.Pooling;
using Tigger.Prepared;
using Tigger.Protocol;
using Tigger.Relay;
using Tigger.Telemetry;

namespace Tigger.Sessions;

/// <summary>Server to client. All members are called with the lock held.</summary>
public sealed partial class ClientSession : IReplySink
{
    private readonly ReplyEdits _edits = new();
    private SessionEndReason? _violation;

    private void PumpReplies()
    {
        for (int turn = 0; _server is { Readable: true } server && _out.IsEmpty && !Table.IsSuspended; turn++)
        {
            if (turn == TurnsAtOnce)
            {
                Socket.Defer();
                return;
            }

            if (server.Task != ServerTask.None)
            {
                if (!PumpServerTask(server))
                {
                    return;
                }

                continue;
            }

            byte[] buffer = RelayBuffer.ForThisThread();
            int held = server.Held.MoveTo(buffer);
            int count = held == buffer.Length ? 0 : server.Transport.Receive(buffer.AsSpan(held));
            if (count <= 0)
            {
                server.Held.Append(buffer.AsSpan(0, held));
                if (count != LoopSocket.WouldBlock)
                {
                    OnServerGone(server);
                    return;
                }

                server.Readable = false;
                return;
            }

            server.Readable = server.ReadsToTheEnd || held + count == buffer.Length;
            bool proves = ProvesArrival;
            _counters.Sent += count;
            ForwardReplies(server, buffer.AsSpan(0, held + count));
            _awaitsReply &= !proves && _ledger.ExpectedReadyForQuery > 0;
        }
    }

    private void ForwardReplies(ServerConnection server, Span<byte> data)
    {
        if (IsReplication)
        {
            _ = TrySend(data);
            return;
        }

        _violation = null;
        int done = ReplyWalker.Walk(ref server.Framer, server.MaximumMessage, data, this, out bool valid);
        ReadOnlySpan<byte> replies = server.WithoutHeldSent(data[.._edits.Apply(data[..done])]);
        bool isWhole = valid && done == data.Length;
        bool inOrder = !isWhole || EnterBeforeTheAnswer();
        if (isWhole && inOrder)
        {
            ReturnBeforeTheAnswer(server, replies.Length);
        }

        if (!replies.IsEmpty && !TrySend(replies))
        {
            return;
        }

        if (IsInKernel)
        {
            FinishTheAnswer();
        }
        else if (!valid)
        {
            OnViolation(server);
        }
        else
        {
            server.Held.Append(data[done..]);
            if (_repeats && _ledger.IsQuiet)
            {
                RepeatStatement(server);
            }

            UnlinkIfDone();
            if (!inOrder)
            {
                EndBy(SessionEndReason.TooManyRequests);
            }
        }
    }

    /// <summary>
    /// The server said what no server may. A client that has its answer, and keeps no state there, need not know; nobody
    /// else will meet that server.
    /// </summary>
    private void OnViolation(ServerConnection server)
    {
        bool midMessage = server.ClientIsMidMessage;
        bool spared = _violation is null && !midMessage && Pool.Mode != Config.PoolMode.Session && IsQuiet(server);
        Pool.Registry.Counters.Count(PoolerCounter.ServerViolation);
        DropServer(server, "server broke the protocol");
        if (spared)
        {
            _state = SessionState.Idle;
        }
        else
        {
            SessionEndReason reason = _violation ?? SessionEndReason.ServerProtocol;
            EndBy(midMessage ? reason with { TellClient = false } : reason);
        }
    }

    bool IReplySink.OnMessage(byte type)
    {
        _server!.Traces.Message(type);
        switch (type)
        {
            case BackendCode.DataRow or BackendCode.CopyData or BackendCode.NoticeResponse
                or BackendCode.NotificationResponse or BackendCode.ReadyForQuery or BackendCode.ParameterStatus:
                return true;
            case BackendCode.Authentication or BackendCode.BackendKeyData:
                return false;
            default:
                _ledger.ServerMessage(type);
                if (type != BackendCode.ErrorResponse)
                {
                    _executedInKernel = null;
                }

                return BackendCode.IsKnown(type) && OnStatementReply();
        }
    }

    bool IReplySink.OnWholeMessage(byte type, ReadOnlySpan<byte> body, int at)
    {
        switch (type)
        {
            case BackendCode.ParseComplete or BackendCode.CloseComplete:
                _edits.Add(_replyAction, at, at + MessageFramer.HeaderLength + body.Length);
                return true;
            case BackendCode.CommandComplete:
                NoteCommand(body);
                NoteRowsForMirrors(body);
                OnCommand(body);
                return true;
            case BackendCode.ReadyForQuery when _repeats:
                _edits.Add(ReplyAction.Swallow, at, at + MessageFramer.HeaderLength + body.Length);
                return body is [TransactionStatus.Idle] && _ledger.ReadyForQuery();
            case BackendCode.ReadyForQuery:
                return body.Length == 1 && OnReadyForQuery(body[0]);
            case BackendCode.ParameterStatus:
                return OnParameterStatus(body);
            case BackendCode.RowDescription:
                NoteColumns(body);
                return true;
            case BackendCode.NotificationResponse:
                return true;
            default:
                ErrorFields error = ErrorFields.Parse(body);
                Pool.Registry.Counters.ServerErrors.Count(error.SqlState);
                _server!.ToldFatal = error.EndsConnection;
                ReplyAction action = OnStatementError(error);
                NoteErrorForMirrors(action, error);
                _edits.Add(action, at, at + MessageFramer.HeaderLength + body.Length);
                return true;
        }
    }

    private bool OnReadyForQuery(byte status)
    {
        if (!_ledger.ReadyForQuery())
        {
            return false;
        }

        TakeBackSkipped();
        _repeatable.Release();
        if (_ledger.IsQuiet)
        {
            _usedInKernel = default;
            _executedInKernel = null;
        }

        _server!.Status = status;
        _server.Traces.Ready(status);
        OnQueryEnds(status);
        if (Pool.Mode == Config.PoolMode.Statement && status != TransactionStatus.Idle)
        {
            _violation = SessionEndReason.TransactionInStatementMode;
            return false;
        }

        return true;
    }

    private bool OnParameterStatus(ReadOnlySpan<byte> body)
    {
        ServerConnection server = _server!;
        if (!server.TakeParameter(body))
        {
            return false;
        }

        // What changes on the server while this client has it, the client has changed: it follows to the next server.
        Parameters = server.Parameters;
        return true;
    }

    /// <summary>The server's stream has ended. The client gets everything that came before, then the truth.</summary>
    private void OnServerGone(ServerConnection server)
    {
        bool midMessage = server.ClientIsMidMessage;
        SessionEndReason reason = server.ToldFatal || midMessage || IsReplication
            ? SessionEndReason.ServerSaidWhy with { Text = "server conn crashed?" }
            : SessionEndReason.ServerCrashed;
        Pool.Registry.Counters.Count(PoolerCounter.ServerLost);
        DropServer(server, "server conn crashed?");
        EndBy(reason);
    }

    /// <summary>False: the client is gone.</summary>
    private bool TrySend(ReadOnlySpan<byte> replies)
    {
        if (_out.SendThrough(_transport, replies) is >= 0 or LoopSocket.WouldBlock)
        {
            return true;
        }

        EndBy(SessionEndReason.ClientVanished);
        return false;
    }

    /// <summary>Bytes owed to the client. False: its socket still takes no more (or it is gone).</summary>
    private bool FlushOut()
    {
        int result = _out.FlushTo(_transport);
        if (result is < 0 and not LoopSocket.WouldBlock)
        {
            EndBy(SessionEndReason.ClientVanished);
        }

        return result == 0;
    }
}
