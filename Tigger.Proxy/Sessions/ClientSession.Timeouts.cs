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
        if (Overdue(limits, now) is not null)
        {
            EndOverdue(limits, now);
        }
        else if (_state == SessionState.Waiting && !_waitNoticeSent
            && IsOver(Pool.Settings.Global.QueryWaitNotify, WaitingSince, now))
        {
            NotifyWaiting();
        }
        else if (IsInKernel)
        {
            LookAtKernel(now);
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

    /// <summary>What concerns the server is set for the user it is logged in as, which a database may force; as in PgBouncer.</summary>
    private EffectiveSettings OfServer => Pool.Settings.Effective;

    /// <summary>Session pooling: the server is to be closed, and <c>server_fast_close</c> does not wait for the end of the session.</summary>
    private bool ClosesFast(ServerConnection? server) =>
        server is { CloseNeeded: true } && Pool.Mode == PoolMode.Session && Pool.Settings.Global.ServerFastClose;

    private long LastActivity => Math.Max(RequestedAt, _idleSince);

    /// <summary>The limit that is over, if any; without the lock only a reason to look again under it.</summary>
    private SessionEndReason? Overdue(EffectiveSettings limits, long now) => _state switch
    {
        SessionState.Kernel => OverdueInKernel(limits, now),

        // Its queries and pauses are not seen, and it would never give its server back.
        SessionState.Active when IsReplication => Pool.Registry.IsShuttingDown ? SessionEndReason.ServersShuttingDown : null,
        SessionState.Waiting when Pool.Registry.IsShuttingDown => SessionEndReason.ServersShuttingDown,
        SessionState.Waiting when IsOver(OfServer.QueryTimeout, WaitingSince, now) => SessionEndReason.QueryTimeoutInQueue,
        SessionState.Waiting when IsOver(limits.QueryWaitTimeout, WaitingSince, now) => SessionEndReason.QueryWaitTimeout,
        SessionState.Active when IsOver(OfServer.QueryTimeout, _queryStart, now) => SessionEndReason.QueryTimeout,
        SessionState.Active when IsOver(OfServer.TransactionTimeout, _transactionStart, now) => SessionEndReason.TransactionTimeout,
        SessionState.Active when IsIdleInTransaction && IsOver(OfServer.IdleTransactionTimeout, LastActivity, now)
            => SessionEndReason.IdleTransactionTimeout,
        SessionState.Active when IsIdleInSession && IsOver(limits.ClientIdleTimeout, LastActivity, now)
            => SessionEndReason.ClientIdleTimeout,
        SessionState.Active when IsIdleInSession && ClosesFast(_server) => SessionEndReason.DatabaseChanged,
        SessionState.Idle when IsOver(limits.ClientIdleTimeout, LastActivity, now) => SessionEndReason.ClientIdleTimeout,
        _ => null,
    };

    /// <summary>
    /// With <c>query_timeout</c> PgBouncer only closes the connection, which a backend at work does not notice; here the query is
    /// cancelled as well.
    /// </summary>
    private void EndOverdue(EffectiveSettings limits, long now)
    {
        ServerConnection? freed;
        ServerConnection? atWork;
        lock (Sync)
        {
            if (IsInKernel)
            {
                TakeBack();
                Socket.Defer();
            }

            if (Overdue(limits, now) is not { } reason)
            {
                return;
            }

            atWork = reason == SessionEndReason.QueryTimeout ? _server : null;
            EndBy(reason);
            freed = TakeFreed();
        }

        GiveBack(freed);
        if (atWork is { IsDead: true })
        {
            // Only a server that nobody will get again: a cancel must never meet another client's query.
            _ = CancelAsync(atWork);
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
