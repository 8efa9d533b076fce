using Tigger.Net;
using Tigger.Pooling;
using Tigger.Protocol;
using Tigger.Takeover;

namespace Tigger.Sessions;

/// <summary>Online restart: leaving for the process that follows, between two requests, and beginning there.</summary>
public sealed partial class ClientSession
{
    /// <summary>
    /// Whether another process can go on with it, later if not now. It cannot where the state of encryption, the statements of a
    /// pooled server or a stream that nobody frames would have to go along.
    /// </summary>
    internal bool IsMovable =>
        _transport is PlainTransport && !IsReplication
        && _server is null or { IsPinned: false, Transport: PlainTransport };

    /// <summary>Leaves this process if nothing is under way. The descriptors are the caller's then. No lock is held.</summary>
    internal bool TryMove(byte[]? clientKey, out MovedClient? moved, out int[] descriptors)
    {
        moved = null;
        descriptors = [];
        lock (Sync)
        {
            if (IsInKernel)
            {
                TakeBack();
                Socket.Defer();
            }

            if (_freed is not null || !_framer.AtBoundary || _discarding || _collects || _repeats || !MayLeave())
            {
                return false;
            }

            ServerConnection? server = _server;
            moved = Describe(server, clientKey);
            LogEnd(SessionEndReason.TakenOver);
            _server = null;
            _state = SessionState.Closed;
            Retire();
            _out.Release();
            _held.Release();
            _repeatable.Release();
            if (!Slot.IsNone)
            {
                // The programs pass on what is nobody's. Taking the socket out of their map could lose what has just arrived.
                _kernel!.Remove(this);
            }

            int client = Socket.Detach();
            descriptors = server is null ? [client] : [client, server.Detach()];
            Table.Closed(this);
            if (server is not null)
            {
                Pool.Forget(server);
            }

            return true;
        }
    }

    /// <summary>Goes on where the process before stopped.</summary>
    /// <param name="moved">What it said of this client.</param>
    /// <param name="server">The server this client keeps; null: none.</param>
    internal void Continue(MovedClient moved, ServerConnection? server)
    {
        lock (Sync)
        {
            _out.Append(moved.Owed);
            Hold(moved.Unread);
            foreach ((byte[] name, byte[] text) in moved.Statements)
            {
                _ = Statements.Name(name, text, out _);
            }

            _statements?.ComesWith(moved.PutIn);

            if (!TakeSlot())
            {
                EndBy(SessionEndReason.NoSlot);
            }
            else if (server is not null && TryKeep(server))
            {
                server.Status = moved.Server!.Status;
                server.Traces.LinkBegins(server.Status);
                _transactionStart = server.Status == TransactionStatus.Idle ? 0 : _now;
            }
        }

        BeginToServe();
    }

    /// <summary>The lock is held. A client that waits has left the queue when this is true.</summary>
    private bool MayLeave() => _state switch
    {
        SessionState.Idle => true,
        SessionState.Waiting => Pool.StopWaiting(this),
        SessionState.Active => IsHeldForMove,
        _ => false,
    };

    /// <summary>Session pooling: linked, perhaps in a transaction, and everything asked for has been answered.</summary>
    private bool IsHeldForMove =>
        Pool.Mode == Config.PoolMode.Session && _ledger.IsQuiet && _framer.AtBoundary
        && _server is { Task: ServerTask.None, Framer.AtBoundary: true, Held.IsEmpty: true, Out.IsEmpty: true, CancelsPending: 0 };

    private MovedClient Describe(ServerConnection? server, byte[]? clientKey) => new()
    {
        Database = Login.Database.Name,
        User = Login.User.Name,
        Remote = Login.Remote?.ToString(),
        Local = Login.Local?.ToString(),
        ConnectedTime = Login.ConnectedTime,
        CancelKey = Login.CancelKey.Value,
        ApplicationName = Login.ApplicationName,
        Parameters = MovedParameters.From(Pool.Tracked, Parameters),
        Asked = MovedParameters.From(Pool.Tracked, Login.Startup.Asked),
        Others = [.. Login.Startup.Others],
        Statements = _statements is null ? [] : [.. _statements.All.Select(one => KeyValuePair.Create(one.Key, one.Value.Text))],
        PutIn = _statements is null ? [] : [.. _statements.PutIn],
        Unread = _held.Span.ToArray(),
        Owed = _out.Span.ToArray(),
        Login = MovedLogin.From(Pool.Learnt, clientKey),
        Server = server?.Describe(),
    };
}
