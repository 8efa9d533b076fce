using Microsoft.Extensions.Logging;
using Tigger.Net;
using Tigger.Protocol;
using Tigger.Relay;

namespace Tigger.Pooling;

/// <summary>The pooler's own queries (check, reset, SET) and whatever a server says while no client is linked.</summary>
public sealed partial class ServerConnection : IReplySink
{
    private bool _taskFailed;
    private bool _taskDone;

    /// <summary>Sends a query of the pooler's own; replies are swallowed until its ReadyForQuery. Owner's lock held.</summary>
    internal void BeginTask(ServerTask task, string query)
    {
        Task = task;
        _taskFailed = _taskDone = false;
        byte[] message = QueryMessage.Build(query);
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
            int done = ReplyWalker.Walk(ref Framer, MaximumMessage, buffer.AsSpan(0, held + count), this, out bool valid);
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
        }

        _taskDone = false;
        Task = ServerTask.None;
        return TaskResult.Done;
    }

    bool IReplySink.OnMessage(byte type) =>
        Task != ServerTask.None || type is BackendCode.ParameterStatus or BackendCode.NoticeResponse
            or BackendCode.NotificationResponse or BackendCode.ErrorResponse;

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
            default:
                // An idle server that complains is dying; a task that fails leaves it in an unknown state.
                LogTaskError(Pool.Logger, Id, Task, ErrorFields.Parse(body).Message);
                _taskFailed = true;
                return true;
        }
    }

    /// <summary>Keeps a tracked parameter the server reported. False: the message is malformed.</summary>
    internal bool TakeParameter(ReadOnlySpan<byte> body)
    {
        if (!ParameterStatus.TryParse(body, out string? name, out string? value))
        {
            return false;
        }

        int index = Pool.Tracked.IndexOf(name);
        if (index >= 0)
        {
            Parameters = Parameters.With(index, value);
        }

        return true;
    }

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
                Pool.LogClosing(this, hadTask ? $"{Task} query failed" : "server conn crashed?");
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
