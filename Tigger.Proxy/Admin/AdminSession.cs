using Microsoft.Extensions.Logging;
using Tigger.Control;
using Tigger.Net;
using Tigger.Protocol;
using Tigger.Sessions;

namespace Tigger.Admin;

/// <summary>
/// One client of the console, from the greeting to its end: simple queries here, the extended protocol in <c>.Extended</c>.
/// The caller has authenticated it and sent AuthenticationOk, and closes the connection afterwards.
/// </summary>
public sealed partial class AdminSession
{
    private readonly AdminContext _context;
    private readonly AdminCommands _commands;
    private readonly AdminInbox _inbox;
    private readonly TaskCompletionSource<SessionEndReason> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _waitLock = new();

    // Replies not sent yet; of the extended protocol all up to the next Sync or Flush.
    private MessageWriter _out = new();
    private CancellationTokenSource? _wait;
    private bool _canceled;
    private long _requestedAt;

    public AdminSession(AdminContext context, ClientConnection client, string user, AdminLevel level)
    {
        _context = context;
        Client = client;
        User = user;
        CancelKey = CancelKey.Create(context.Config.PeerId);
        ConnectedTime = context.TimeOf(client.ConnectedAt);
        _requestedAt = client.ConnectedAt;
        _commands = new AdminCommands(context, level);
        _inbox = new AdminInbox(client.Stream, _end.Task);
    }

    public ClientConnection Client { get; }

    public string User { get; }

    public DateTimeOffset ConnectedTime { get; }

    /// <summary>Timestamp of its last request.</summary>
    public long RequestedAt => Volatile.Read(ref _requestedAt);

    internal CancelKey CancelKey { get; }

    /// <summary>Serves the client until it leaves, is killed, or <paramref name="cancellation"/> says the process ends.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="InvalidDataException">A message that is none, or has no place here.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        _context.Admins.Add(this);
        using CancellationTokenRegistration registration = cancellation.Register(() => End(SessionEndReason.ShuttingDown));
        try
        {
            Greet();
            await FlushAsync();
            while (await _inbox.NextAsync() is { } message)
            {
                Volatile.Write(ref _requestedAt, _context.Clock.GetTimestamp());
                CountReceived(message.Body.Length);
                await HandleAsync(message.Type, message.Body);
            }

            if (_end.Task.IsCompletedSuccessfully)
            {
                SessionEndReason reason = await _end.Task;
                _out.Bytes(ErrorResponse.Fatal(reason.SqlState, reason.Text));
                await FlushAsync();
            }
        }
        finally
        {
            _context.Admins.Remove(this);
            ResumeIfForgotten();
        }
    }

    /// <summary>Ends the session from outside.</summary>
    internal void End(SessionEndReason reason) => _end.TrySetResult(reason);

    /// <summary>Ends the wait of a command, if one waits.</summary>
    internal void Cancel()
    {
        lock (_waitLock)
        {
            _canceled = _wait is not null;
            _wait?.Cancel();
        }
    }

    private void Greet()
    {
        ParameterStatus.Write(_out, "server_version", $"{AdminContext.PgBouncerVersion}/bouncer");
        ParameterStatus.Write(_out, "client_encoding", "UTF8");
        ParameterStatus.Write(_out, "server_encoding", "UTF8");
        ParameterStatus.Write(_out, "DateStyle", "ISO");
        ParameterStatus.Write(_out, "TimeZone", "GMT");
        ParameterStatus.Write(_out, "standard_conforming_strings", "on");
        ParameterStatus.Write(_out, "is_superuser", "on");
        _out.Begin(BackendCode.BackendKeyData).Bytes(CancelKey.ToBytes()).End();
        _out.Bytes(ReadyForQuery.Build(TransactionStatus.Idle));
    }

    private async Task HandleAsync(byte type, byte[] body)
    {
        if (type != FrontendCode.Query)
        {
            await HandleExtendedAsync(type, body);
            return;
        }

        if (!new MessageReader(body).TryCString(out string? text))
        {
            throw new InvalidDataException("incomplete query");
        }

        AdminStatement statement = AdminCommandParser.Parse(text);
        AdminOutcome outcome = await ExecuteAsync(statement);
        Write(outcome, ResultFormats.Text, describe: true);
        _out.Bytes(ReadyForQuery.Build(TransactionStatus.Idle));
        await FlushAsync();
        if (statement.Verb == AdminVerb.Takeover && outcome.Error is null)
        {
            _context.Control.Shutdown(ShutdownMode.Immediate);
        }
    }

    /// <summary>What goes over are open connections and secrets: for who runs this process, and nobody else.</summary>
    private async Task<AdminOutcome> TakeOverAsync(CancellationToken cancellation)
    {
        if (Client.Remote is not null || !UnixPeer.IsOwnUser(Client.Stream.Connection.Socket.Descriptor))
        {
            return AdminOutcome.Failed("admin access needed");
        }

        LogTakeover(_context.Logger);
        _inbox.Answers = _context.TakeOverAnswered;
        return await _context.TakeOver(Client, cancellation)
            ? AdminOutcome.Done("TAKEOVER")
            : AdminOutcome.Failed("another process is taking over");
    }

    /// <summary>Runs a statement; while it waits, the client may leave or cancel it.</summary>
    private async Task<AdminOutcome> ExecuteAsync(AdminStatement statement)
    {
        _context.Sampler.Console.Add(new SessionCounters { Transactions = 1, Queries = 1 });
        using CancellationTokenSource wait = new();
        lock (_waitLock)
        {
            _wait = wait;
            _canceled = false;
        }

        try
        {
            Task<AdminOutcome> command = statement.Verb switch
            {
                AdminVerb.Takeover => TakeOverAsync(wait.Token),
                AdminVerb.Record when _commands.Allows(statement) => RecordAsync(statement, wait.Token),
                _ => _commands.RunAsync(statement, wait.Token),
            };
            try
            {
                if (!await _inbox.StaysUntilAsync(command))
                {
                    // What it was to wait for stays in force; nobody is left to be told.
                    wait.Cancel();
                }
            }
            catch
            {
                wait.Cancel();
                await Task.WhenAny(command);
                throw;
            }

            return await command;
        }
        catch (OperationCanceledException)
        {
            ResumeIfCanceled(statement);
            return AdminOutcome.Failed("canceling statement due to user request", SqlStates.QueryCanceled);
        }
        finally
        {
            lock (_waitLock)
            {
                _wait = null;
            }
        }
    }

    private void Write(AdminOutcome outcome, ResultFormats formats, bool describe)
    {
        if (outcome.Notice is { } notice)
        {
            _out.Bytes(notice);
        }

        if (outcome.Rows is { } rows)
        {
            if (describe)
            {
                ResultTable.WriteDescription(_out, rows.Columns, formats);
            }

            rows.WriteRows(_out, formats);
        }

        if (outcome.Error is { } error)
        {
            _out.Bytes(ErrorResponse.Error(outcome.SqlState, error));
        }
        else if (outcome.Tag is { } tag)
        {
            _out.Begin(BackendCode.CommandComplete).CString(tag).End();
        }
        else
        {
            _out.Begin(BackendCode.EmptyQueryResponse).End();
        }
    }

    private async Task FlushAsync()
    {
        byte[] replies = _out.ToArray();
        _out = new MessageWriter();
        _context.Sampler.Console.Add(new SessionCounters { Sent = replies.Length });
        await Client.Stream.SendAsync(replies, CancellationToken.None);
    }

    private void CountReceived(int body) =>
        _context.Sampler.Console.Add(new SessionCounters { Received = MessageFramer.HeaderLength + body });

    /// <summary>As in PgBouncer a cancel request undoes the PAUSE or SUSPEND it ends; merely leaving does not.</summary>
    private void ResumeIfCanceled(AdminStatement statement)
    {
        if (_canceled && statement is { Verb: AdminVerb.Pause or AdminVerb.Suspend, Argument: "" })
        {
            _context.Control.TryResume(null, out _);
        }
    }

    /// <summary>Nobody is left who could say RESUME: a process that reads from no one would look dead.</summary>
    private void ResumeIfForgotten()
    {
        if (_context.Sessions.IsSuspended && _context.Admins.Count == 0)
        {
            LogForgotten(_context.Logger);
            _context.Control.TryResume(null, out _);
        }
    }

    [LoggerMessage(7111, LogLevel.Information, "takeover: a new process asks for everything")]
    private static partial void LogTakeover(ILogger logger);

    [LoggerMessage(7110, LogLevel.Information, "admin disappeared when suspended, doing RESUME")]
    private static partial void LogForgotten(ILogger logger);
}
