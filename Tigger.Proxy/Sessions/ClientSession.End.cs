using Microsoft.Extensions.Logging;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Protocol;
using Tigger.Relay;
using Tigger.Telemetry;

namespace Tigger.Sessions;

/// <summary>The end of a session: the server is given back or closed, the client is told, and its bytes are flushed first.</summary>
public sealed partial class ClientSession
{
    /// <summary>How long a client that was told goodbye may take to read it and close.</summary>
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(5);

    /// <summary>Reads of up to 64 KiB that a client told goodbye is still granted at once; one that floods is cut off.</summary>
    private const int MaximumDrainReads = 64;

    private long _closingSince;
    private bool _writeShut;

    /// <summary>Ends the session from outside: KILL, a timeout, shutdown. No lock is held.</summary>
    internal void End(SessionEndReason reason)
    {
        ServerConnection? freed;
        lock (Sync)
        {
            EndBy(reason);
            freed = TakeFreed();
        }

        GiveBack(freed);
    }

    /// <summary>
    /// A drain has begun: the session ends now if it is in no transaction and waits for none. Otherwise it goes on in user space,
    /// where the end of its transaction is seen. No lock is held.
    /// </summary>
    internal void LeaveWhenIdle()
    {
        lock (Sync)
        {
            if (IsInKernel)
            {
                TakeBack();
                Socket.Defer();
            }
        }

        EndIfIdle(SessionEndReason.Drained);
    }

    /// <summary>Ends the session if it is in no transaction and waits for none. No lock is held.</summary>
    internal void EndIfIdle(SessionEndReason reason)
    {
        ServerConnection? freed;
        lock (Sync)
        {
            if (_state == SessionState.Idle || (_state == SessionState.Active && (IsReplication || IsQuiet(_server!))))
            {
                EndBy(reason);
            }

            freed = TakeFreed();
        }

        Pool.HandOn(freed);
    }

    /// <summary>Ends the session. The lock is held; a server still in order is left in <c>_freed</c>.</summary>
    private void EndBy(SessionEndReason reason)
    {
        if (IsInKernel)
        {
            TakeBack();
        }

        if (_state is SessionState.Closing or SessionState.Closed)
        {
            return;
        }

        if (_state == SessionState.Waiting)
        {
            // If it is not in the queue a grant is on its way; Accept will see the state and leave the server to the next.
            Pool.StopWaiting(this);
        }

        bool midReply = IsReplication || _server is { ClientIsMidMessage: true };
        if (_server is { } server)
        {
            if (IsQuiet(server))
            {
                Unlink(server);
            }
            else
            {
                Pool.Registry.Counters.Count(PoolerCounter.ServerAbandoned);
                DropServer(server, reason.TellClient ? reason.Text : "client disconnect while server was not ready");
            }
        }

        LogEnd(reason);
        Retire();
        _held.Release();
        _parse.Release();
        _repeatable.Release();
        if (reason == SessionEndReason.ClientVanished || (reason == SessionEndReason.ClientClosed && _out.IsEmpty))
        {
            CloseSocket();
            return;
        }

        if (reason.TellClient && !midReply)
        {
            Pool.Registry.Counters.OwnErrors.Count(reason.SqlState);
            _ = _out.SendThrough(_transport, ErrorResponse.Fatal(reason.SqlState, reason.Text));
        }

        _state = SessionState.Closing;
        _closingSince = Clock.GetTimestamp();
        _readable = true;
        DrainUntilClosed();
    }

    /// <summary>
    /// Flushes what the client is owed, then half-closes and reads away what it still sends: closing a socket with unread
    /// bytes makes the kernel reset the connection, and the client would lose the error that explains it.
    /// </summary>
    private void DrainUntilClosed()
    {
        int result = _out.FlushTo(_transport);
        if (result == LoopSocket.WouldBlock)
        {
            return;
        }

        if (result < 0)
        {
            CloseSocket();
            return;
        }

        if (!_writeShut)
        {
            _writeShut = true;
            _transport.ShutdownWrite();
        }

        byte[] buffer = RelayBuffer.ForThisThread();
        for (int reads = 0; _readable; reads++)
        {
            int count = _transport.Receive(buffer);
            if (count == LoopSocket.WouldBlock)
            {
                _readable = false;
            }
            else if (count <= 0 || reads == MaximumDrainReads)
            {
                CloseSocket();
                return;
            }
        }
    }

    private void Retire()
    {
        _ledger.Reset();
        _tap?.Closed();
        _tap = null;
        ForgetStatements();
        Pool.Statistics.Add(_counters);
        _counters = default;
        Table.Remove(this);
    }

    private void CloseSocket()
    {
        _state = SessionState.Closed;
        _out.Release();
        _held.Release();
        _transport.Close();
        if (!Slot.IsNone)
        {
            _kernel!.Remove(this);
            if (_remoteCookie != 0)
            {
                _kernel.Path.LeaveRemote(_remoteCookie);
            }
        }

        Table.Closed(this);
    }

    private void LogEnd(SessionEndReason reason)
    {
        if (reason.TellClient)
        {
            Table.LogPoolerError(this, reason.Text);
        }

        if (Pool.Settings.Global.LogDisconnections)
        {
            int age = (int)Clock.GetElapsedTime(Login.ConnectedAt).TotalSeconds;
            LogClosing(Logger, Id, Login.Description, reason.Text, age);
        }
    }

    [LoggerMessage(2002, LogLevel.Information, "C-{Client}: {Who} closing because: {Reason} (age={Age}s)")]
    private static partial void LogClosing(ILogger logger, long client, string who, string reason, int age);
}
