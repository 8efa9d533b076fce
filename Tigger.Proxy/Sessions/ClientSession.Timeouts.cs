using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Protocol;

namespace Tigger.Sessions;

/// <summary>Time limits, looked at by the janitor: a session within its limits costs a few reads and no lock.</summary>
public sealed partial class ClientSession
{
    private static readonly byte[] WaitNotice =
        ErrorResponse.Notice("No server connection available in postgres backend, client being queued");

    private long _idleSince;
    private bool _waitNoticeSent;

    /// <summary>Ends the session if one of its limits is over; tells a client that waits for long. No lock is held.</summary>
    internal void CheckLimits(EffectiveSettings limits, long now)
    {
        switch (_state)
        {
            case SessionState.Waiting:
                CheckWaiting(limits, now);
                break;
            case SessionState.Active:
                CheckActive(limits, now);
                break;
            case SessionState.Idle when IsOver(limits.ClientIdleTimeout, LastActivity, now):
                EndIf(
                    (session, time) => session._state == SessionState.Idle && IsOver(limits.ClientIdleTimeout, session.LastActivity, time),
                    SessionEndReason.ClientIdleTimeout);
                break;
        }
    }

    /// <summary>Closes a client that was told goodbye and has not closed in time. No lock is held.</summary>
    internal void CheckLinger(long now)
    {
        lock (Sync)
        {
            if (_state == SessionState.Closing && IsOver(LingerTime, _closingSince, now))
            {
                CloseSocket();
            }
        }
    }

    private long LastActivity => Math.Max(RequestedAt, _idleSince);

    private void CheckWaiting(EffectiveSettings limits, long now)
    {
        if (Pool.Registry.IsShuttingDown)
        {
            EndIf(static (session, _) => session._state == SessionState.Waiting, SessionEndReason.ServersShuttingDown);
        }
        else if (IsOver(limits.QueryTimeout, WaitingSince, now))
        {
            EndIf(
                (session, time) => session._state == SessionState.Waiting && IsOver(limits.QueryTimeout, session.WaitingSince, time),
                SessionEndReason.QueryTimeout);
        }
        else if (IsOver(limits.QueryWaitTimeout, WaitingSince, now))
        {
            EndIf(
                (session, time) => session._state == SessionState.Waiting && IsOver(limits.QueryWaitTimeout, session.WaitingSince, time),
                SessionEndReason.QueryWaitTimeout);
        }
        else if (!_waitNoticeSent && IsOver(Pool.Settings.Global.QueryWaitNotify, WaitingSince, now))
        {
            NotifyWaiting();
        }
    }

    private void CheckActive(EffectiveSettings limits, long now)
    {
        if (IsOver(limits.QueryTimeout, _queryStart, now))
        {
            CancelAndEnd(limits);
        }
        else if (IsOver(limits.TransactionTimeout, _transactionStart, now))
        {
            EndIf(
                (session, time) => IsOver(limits.TransactionTimeout, session._transactionStart, time),
                SessionEndReason.TransactionTimeout);
        }
        else if (IsIdleInTransaction && IsOver(limits.IdleTransactionTimeout, LastActivity, now))
        {
            EndIf(
                (session, time) => session.IsIdleInTransaction && IsOver(limits.IdleTransactionTimeout, session.LastActivity, time),
                SessionEndReason.IdleTransactionTimeout);
        }
        else if (IsIdleInSession && IsOver(limits.ClientIdleTimeout, LastActivity, now))
        {
            EndIf(
                (session, time) => session.IsIdleInSession && IsOver(limits.ClientIdleTimeout, session.LastActivity, time),
                SessionEndReason.ClientIdleTimeout);
        }
    }

    /// <summary>
    /// <c>query_timeout</c>: PgBouncer only closes the connection, which a backend at work does not notice; here the query is
    /// cancelled as well.
    /// </summary>
    private void CancelAndEnd(EffectiveSettings limits)
    {
        ServerConnection? server = _server;
        EndIf(
            (session, time) => session._server == server && IsOver(limits.QueryTimeout, session._queryStart, time),
            SessionEndReason.QueryTimeout);
        if (server is { IsDead: true })
        {
            _ = CancelAsync(server);
        }
    }

    private async Task CancelAsync(ServerConnection server)
    {
        try
        {
            await Pool.Registry.Connector.SendCancelAsync(server);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            LogNotCanceled(Logger, Id, server.Id, fault.Message);
        }
    }

    private bool IsIdleInTransaction =>
        _queryStart == 0 && _server is { Status: TransactionStatus.InTransaction or TransactionStatus.Failed };

    /// <summary>Session mode: linked, but nothing is going on.</summary>
    private bool IsIdleInSession => _queryStart == 0 && _server is { Status: TransactionStatus.Idle };

    private void NotifyWaiting()
    {
        lock (Sync)
        {
            if (_state == SessionState.Waiting && !_waitNoticeSent)
            {
                _waitNoticeSent = true;
                if (_out.SendThrough(_transport, WaitNotice) is < 0 and not LoopSocket.WouldBlock)
                {
                    EndBy(SessionEndReason.ClientVanished);
                }
            }
        }
    }

    [LoggerMessage(2003, LogLevel.Warning, "C-{Client}: query on S-{Server} not cancelled after query_timeout: {Reason}")]
    private static partial void LogNotCanceled(ILogger logger, long client, long server, string reason);

    private bool IsOver(TimeSpan limit, long since, long now) =>
        limit > TimeSpan.Zero && since != 0 && Clock.GetElapsedTime(since, now) > limit;
}
