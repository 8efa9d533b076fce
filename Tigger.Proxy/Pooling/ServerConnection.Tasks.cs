using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Net;
using Tigger.Protocol;
using Tigger.Relay;

namespace Tigger.Pooling;

/// <summary>The pooler's own queries (check, reset, SET) and whatever a server says while no client is linked.</summary>
public sealed partial class ServerConnection : IReplySink
{
    private bool _taskFailed;
    private bool _taskDone;
    private AuthQuery? _authQuery;

    /// <summary>The question was answered by a row, or by an error, which the client's own settings may have caused.</summary>
    internal bool IsAnsweredYes { get; private set; }

    /// <summary>What the server told its client meanwhile, whole messages.</summary>
    internal PendingBytes Notifications { get; } = new();

    /// <summary>Sends a query of the pooler's own; replies are swallowed until its ReadyForQuery. Owner's lock held.</summary>
    internal void BeginTask(ServerTask task, string query) => BeginTask(task, QueryMessage.Build(query));

    /// <summary>Sends auth_query; who waits for it is told. Owner's lock held.</summary>
    internal void BeginAuthQuery(AuthQuery query)
    {
        _authQuery = query;
        BeginTask(ServerTask.AuthQuery, query.Build(Served));
    }

    /// <summary>Closes the server if it still runs this query. False: it does not.</summary>
    internal bool Abandon(AuthQuery query)
    {
        lock (Sync)
        {
            if (_dead || _authQuery != query)
            {
                return false;
            }

            Pool.LogClosing(this, "auth_query takes too long");
            Close(sayGoodbye: false);
            return true;
        }
    }

    private void BeginTask(ServerTask task, byte[] message)
    {
        Task = task;
        _taskFailed = _taskDone = IsAnsweredYes = false;
        if (Out.SendThrough(Transport, message) is < 0 and not LoopSocket.WouldBlock)
        {
            // Read what PostgreSQL said last; the end of the stream follows.
            Readable = HungUp = true;
        }
    }

    /// <summary>
    /// Reads replies of the task. True when it has ended well; false while it goes on or after it failed, when the server is
    /// marked for closing. Owner's lock held.
    /// </summary>
    internal TaskResult PumpTask()
    {
        while (Readable)
        {
            byte[] buffer = RelayBuffer.ForThisThread();
            int held = Held.MoveTo(buffer);
            int count = held == buffer.Length ? 0 : Transport.Receive(buffer.AsSpan(held));
            if (count == LoopSocket.WouldBlock)
            {
                Readable = false;
                Held.Append(buffer.AsSpan(0, held));
                break;
            }

            if (count <= 0)
            {
                return TaskResult.Broken;
            }

            Readable = HungUp || IsPresent || Transport.MayHaveMore || held + count == buffer.Length;
            bool valid;
            int done = _authQuery is { } query
                ? TakeAuthReply(query, buffer.AsSpan(0, held + count), out valid)
                : ReplyWalker.Walk(ref Framer, MaximumMessage, buffer.AsSpan(0, held + count), this, out valid);
            if (!valid || _taskFailed)
            {
                return TaskResult.Broken;
            }

            Held.Append(buffer.AsSpan(done, held + count - done));
        }

        if (!_taskDone || !Framer.AtBoundary || !Held.IsEmpty || !Out.IsEmpty)
        {
            return TaskResult.Pending;
        }

        if (Task == ServerTask.Reset)
        {
            NeedsReset = false;
            Traces.Clear();
        }

        if (_authQuery is { } answered)
        {
            _authQuery = null;
            LastUsedAt = Pool.Clock.GetTimestamp();
            answered.Complete();
        }

        _taskDone = false;
        Task = ServerTask.None;
        return TaskResult.Done;
    }

    /// <summary>Whole messages only, so the walk stays at its boundary.</summary>
    private int TakeAuthReply(AuthQuery query, ReadOnlySpan<byte> data, out bool valid)
    {
        int taken = query.Reply.Take(data, TakeParameter);
        _taskDone = query.Reply.IsDone;
        valid = query.Reply.Fault is null;
        return taken;
    }

    /// <summary>Why the server is closed when it fails while nobody is linked.</summary>
    private string ReasonOfFailure => _authQuery?.Reply.Fault is { } fault ? fault
        : Task is ServerTask.None or ServerTask.AuthQuery ? "server conn crashed?"
        : $"{Task} query failed";

    bool IReplySink.OnMessage(byte type)
    {
        IsAnsweredYes |= Task == ServerTask.Question && type == BackendCode.DataRow;
        return Task != ServerTask.None || type is BackendCode.ParameterStatus or BackendCode.NoticeResponse
            or BackendCode.NotificationResponse or BackendCode.ErrorResponse;
    }

    bool IReplySink.OnWholeMessage(byte type, ReadOnlySpan<byte> body, int at)
    {
        switch (type)
        {
            case BackendCode.ParameterStatus:
                return TakeParameter(body);
            case BackendCode.ReadyForQuery:
                Status = body.Length == 1 ? body[0] : (byte)0;
                _taskDone = true;
                return Status == TransactionStatus.Idle;
            case BackendCode.CommandComplete:
                NoteCommand(body);
                return true;
            case BackendCode.ParseComplete or BackendCode.CloseComplete:
                // No simple query is answered so.
                return false;
            case BackendCode.RowDescription:
                return true;
            case BackendCode.NotificationResponse:
                KeepNotification(body);
                return true;
            case BackendCode.ErrorResponse when Task == ServerTask.Question && !ErrorFields.Parse(body).EndsConnection:
                IsAnsweredYes = true;
                return true;
            default:
                // An idle server that complains is dying; a task that fails leaves it in an unknown state.
                LogTaskError(Pool.Logger, Id, Task, ErrorFields.Parse(body).Message);
                _taskFailed = true;
                return true;
        }
    }

    /// <summary>Nobody's, unless a client has the server.</summary>
    private void KeepNotification(ReadOnlySpan<byte> body)
    {
        if (_client is not null)
        {
            Notifications.Append(new MessageWriter().Begin(BackendCode.NotificationResponse).Bytes(body).End().ToArray());
        }
    }

    /// <summary>Keeps a parameter the server reported. False: the message is malformed.</summary>
    internal bool TakeParameter(ReadOnlySpan<byte> body)
    {
        if (!ParameterStatus.TryParse(body, out string? name, out string? value))
        {
            return false;
        }

        if (name == "in_hot_standby" && Pool.Settings.Database.TargetSessionAttrs != TargetSessionAttrs.Any)
        {
            // A standby was promoted under its sessions. The next login looks what it is now.
            CloseNeeded = true;
        }

        int index = Pool.Tracked.IndexOf(name);
        if (index >= 0)
        {
            Parameters = Parameters.With(index, value);
        }
        else if (_client is not null && Pool.Settings.WatchesSessions && !ChangesByItself(name))
        {
            Traces.Reported(name, isAsAtLogin: Greeting.Contains(new(name, value)));
        }

        return true;
    }

    /// <summary>Not by a client's doing: at the promotion of a standby.</summary>
    private static bool ChangesByItself(string name) => name == "in_hot_standby";

    /// <summary>Keeps <see cref="Statements"/> right. True: the command has ended them all.</summary>
    internal bool NoteCommand(ReadOnlySpan<byte> tag)
    {
        if (!CommandTag.EndsStatements(tag))
        {
            return false;
        }

        Statements.Clear();
        return true;
    }

    private bool OnUnlinkedReady(SocketEvents events)
    {
        TaskResult result;
        bool hadTask;
        lock (Sync)
        {
            if (_client is not null)
            {
                return false;
            }

            if (_dead)
            {
                return true;
            }

            events |= Socket.TakeMissed();
            Note(events);
            if ((events & SocketEvents.Writable) != 0 && Out.FlushTo(Transport) is < 0 and not LoopSocket.WouldBlock)
            {
                Readable = HungUp = true;
            }

            hadTask = Task != ServerTask.None;
            result = PumpTask();
            if (result == TaskResult.Broken)
            {
                Pool.LogClosing(this, ReasonOfFailure);
                Close(sayGoodbye: false);
            }
        }

        if (result == TaskResult.Broken)
        {
            Pool.Forget(this);
        }
        else if (hadTask && result == TaskResult.Done)
        {
            Pool.HandOn(this);
        }

        return true;
    }

    [LoggerMessage(4010, LogLevel.Warning, "S-{Server}: error in {Task}: {Message}")]
    private static partial void LogTaskError(ILogger logger, long server, ServerTask task, string message);
}
