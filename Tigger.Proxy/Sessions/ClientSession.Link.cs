using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Mirroring;
using Tigger.Pooling;
using Tigger.Protocol;

namespace Tigger.Sessions;

/// <summary>Taking a server and giving it back. Members are called with the lock held unless they say otherwise.</summary>
public sealed partial class ClientSession
{
    private long _queryStart;
    private long _transactionStart;

    /// <summary>
    /// A server was granted to this waiting client. Returns the server to lend on: the same if the client is gone, or one
    /// given back at once. Called without any lock.
    /// </summary>
    internal ServerConnection? Accept(ServerConnection server)
    {
        lock (Sync)
        {
            if (IsInKernel)
            {
                // It was waiting there.
                TakeBack();
            }

            if (_state != SessionState.Waiting)
            {
                return server;
            }

            if (!server.TryLink(this))
            {
                Pool.WaitFirst(this);
                return server;
            }

            _now = Clock.GetTimestamp();
            _counters.WaitTime += _now - WaitingSince;
            Pool.Times.CountWait(_now - WaitingSince);
            if (OnLinked(server))
            {
                Pump();
            }

            if (_freed is not null && _state == SessionState.Idle)
            {
                // Done with it at once, but there may be more to send. Not from here: the server must go on first.
                Socket.Defer();
            }

            return TakeFreed();
        }
    }

    /// <summary>Links to an idle server. False: the session waits for one or for its parameters to be set, or has ended.</summary>
    private bool TryLink()
    {
        if (Pool.FailFast() is { } failure)
        {
            EndBy(new SessionEndReason(failure.SqlState, ServerPool.FailFastText(failure)));
            return false;
        }

        // Set before the client is in the queue: the grant may come from another thread at once.
        RequestedAt = WaitingSince = _now;
        _waitNoticeSent = false;
        _state = SessionState.Waiting;
        while (Pool.TakeOrWait(this, _now) is { } server)
        {
            if (server.TryLink(this))
            {
                return OnLinked(server);
            }

            Pool.Forget(server);
        }

        return false;
    }

    /// <summary>Back to the queue: the server that was being opened for this client could not be had. No lock is held.</summary>
    internal void WaitAgain()
    {
        lock (Sync)
        {
            if (_state == SessionState.Waiting)
            {
                Pool.WaitFirst(this);
            }
        }
    }

    /// <summary>False: the server must first be brought in line with the client's parameters, or is exchanged for another.</summary>
    private bool OnLinked(ServerConnection server)
    {
        if (Pool.Mode == PoolMode.Session)
        {
            if (!server.Suits(Login))
            {
                WaitingSince = _now;
                _freed = Pool.Exchange(this, server) ? server : _freed;
                return false;
            }

            if (server.IsAsAtLogin)
            {
                Parameters = server.Parameters;
            }
        }

        _server = server;
        _state = SessionState.Active;
        _counters.Assignments++;
        if (Pool.Tracked.Difference(server.Parameters, Parameters) is not { } commands)
        {
            return true;
        }

        LogParameters(Logger, server.Id, Pool.Name, server.Identity.Host, commands);
        server.BeginTask(ServerTask.SetParameters, commands);
        return false;
    }

    /// <summary>
    /// The SET commands before the client's first request, or the question after a transaction. True when they are done and the
    /// server is still the client's.
    /// </summary>
    private bool PumpServerTask(ServerConnection server)
    {
        ServerTask task = server.Task;
        switch (server.PumpTask())
        {
            case TaskResult.Pending:
                return false;
            case TaskResult.Done when task == ServerTask.Question:
                OnSessionAnswer(server);
                return _server == server;
            case TaskResult.Done:
                // The server's spelling of a value ("ISO, MDY" for "ISO") becomes the client's: no SET next time.
                Parameters = server.Parameters;
                return true;
            default:
                bool isQuestion = task == ServerTask.Question;
                DropServer(server, isQuestion ? "server conn crashed?" : "invalid server parameter");
                EndBy(isQuestion ? SessionEndReason.ServerCrashed : SessionEndReason.InvalidParameter);
                return false;
        }
    }

    /// <summary>
    /// Gives the server back at the end of a transaction: everything the client asked for has been answered, nothing is half
    /// sent in either direction, and PostgreSQL is idle.
    /// </summary>
    private void UnlinkIfDone()
    {
        TransactionMayHaveEnded();
        if (ClosesFast(_server) && IsQuiet(_server!))
        {
            EndBy(SessionEndReason.DatabaseChanged);
        }
        else if (_server is { } server && Pool.Mode != PoolMode.Session && IsQuiet(server) && !Keeps(server))
        {
            Unlink(server);
        }
    }

    private bool IsQuiet(ServerConnection server) =>
        _ledger.IsQuiet
        && !IsReplication
        && server.Status == TransactionStatus.Idle
        && server.Task == ServerTask.None
        && _framer.AtBoundary
        && server.Framer.AtBoundary
        && server.Held.IsEmpty
        && server.Out.IsEmpty;

    private void Unlink(ServerConnection server)
    {
        _server = null;
        _state = SessionState.Idle;
        if (server.Unlink(_now))
        {
            _freed = server;
        }
    }

    /// <summary>Closes a server that cannot be reused: its state is unknown.</summary>
    private void DropServer(ServerConnection server, string reason)
    {
        _server = null;
        _tap?.Abandoned(MirrorDropReason.ClientGone);
        _statements?.Unlinked();
        Pool.LogClosing(server, reason);
        server.Close(sayGoodbye: _framer.AtBoundary && !IsReplication);
        Pool.Forget(server);
    }

    [LoggerMessage(2032, LogLevel.Debug, "S-{Server}: {Pool}@{Host} varcache_apply: {Commands}")]
    private static partial void LogParameters(ILogger logger, long server, string pool, string host, string commands);

    private void OnQueryBegins()
    {
        if (_queryStart == 0)
        {
            _queryStart = _now;
            if (_transactionStart == 0)
            {
                _transactionStart = _queryStart;
            }
        }
    }

    private void OnQueryEnds(byte status)
    {
        _counters.Queries++;
        if (_ledger.IsQuiet && _queryStart != 0)
        {
            _counters.QueryTime += _now - _queryStart;
            Pool.Times.CountQuery(_now - _queryStart);
            _queryStart = 0;
            _idleSince = _now;
        }

        if (status == TransactionStatus.Idle)
        {
            _counters.Transactions++;
            if (_transactionStart != 0)
            {
                _counters.TransactionTime += _now - _transactionStart;
                Pool.Times.CountTransaction(_now - _transactionStart);
                _transactionStart = _ledger.IsQuiet ? 0 : _now;
            }
        }
    }
}
