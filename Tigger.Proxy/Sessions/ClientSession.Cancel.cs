using Tigger.Net;
using Tigger.Pooling;
using Tigger.Protocol;
using Tigger.Relay;

namespace Tigger.Sessions;

/// <summary>What a cancel request does to the session it names.</summary>
public sealed partial class ClientSession
{
    /// <summary>
    /// The server that works for this client now, marked so that it is not lent to another while the request is on its way:
    /// the caller must end with <see cref="ServerConnection.EndCancel"/>. Null: there is nothing to cancel any more. A request
    /// that still waits for a server is answered here. No lock is held.
    /// </summary>
    internal ServerConnection? BeginCancel()
    {
        lock (Sync)
        {
            if (IsInKernel)
            {
                if (BeginCancelInKernel(out ServerConnection? working))
                {
                    return working;
                }

                TakeBack();
                Socket.Defer();
            }

            if (_state == SessionState.Waiting)
            {
                CancelWaiting();
                return null;
            }

            if (_server is not { } server || (_ledger.IsQuiet && !IsReplication))
            {
                return null;
            }

            server.BeginCancel();
            return server;
        }
    }

    /// <summary>
    /// Answers a waiting request with the error PostgreSQL would give. Only where the kept bytes are exactly one request, so
    /// that one error and one ReadyForQuery are the whole truth; otherwise the client goes on waiting.
    /// </summary>
    private void CancelWaiting()
    {
        byte[] buffer = RelayBuffer.ForThisThread();
        int length = _held.MoveTo(buffer);
        ReadOnlySpan<byte> request = buffer.AsSpan(0, length);
        if (!IsOneRequest(request) || !Pool.StopWaiting(this))
        {
            _held.Append(request);
            return;
        }

        _heldIsRequest = false;
        _state = SessionState.Idle;
        _queryStart = _transactionStart = 0;
        Pool.Registry.Counters.OwnErrors.Count(SqlStates.QueryCanceled);
        byte[] answer =
        [
            .. ErrorResponse.Error(SqlStates.QueryCanceled, "canceling statement due to user request"),
            .. ReadyForQuery.Build(TransactionStatus.Idle),
        ];
        if (_out.SendThrough(_transport, answer) is < 0 and not LoopSocket.WouldBlock)
        {
            EndBy(SessionEndReason.ClientVanished);
        }
    }

    private static bool IsOneRequest(ReadOnlySpan<byte> data)
    {
        MessageFramer framer = default;
        int offset = 0;
        int answers = 0;
        byte last = 0;
        while (offset < data.Length)
        {
            FrameEvent frame = framer.Next(data, ref offset);
            if (frame is FrameEvent.NeedMore or FrameEvent.Invalid)
            {
                return false;
            }

            last = framer.Type;
            if (frame == FrameEvent.End && last is FrontendCode.Query or FrontendCode.FunctionCall or FrontendCode.Sync)
            {
                answers++;
            }
        }

        return answers == 1 && framer.AtBoundary
            && last is FrontendCode.Query or FrontendCode.FunctionCall or FrontendCode.Sync;
    }
}
