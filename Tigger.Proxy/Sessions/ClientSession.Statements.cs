using System.Text;
using Microsoft.Extensions.Logging;
using Tigger.Handover;
using Tigger.Kernel.Slots;
using Tigger.Pooling;
using Tigger.Prepared;
using Tigger.Protocol;
using Tigger.Relay;

namespace Tigger.Sessions;

/// <summary>
/// Named prepared statements where servers change: the client's names stand for statements that all clients of the pool share,
/// and a server that lacks one is given it before it is used. All members are called with the lock held.
/// </summary>
public sealed partial class ClientSession
{
    /// <summary>Bytes written for one read of the client's before the server has to take them.</summary>
    private const int MaximumAssembled = 256 * 1024;

    // A Parse whose statement has to be kept and that is not complete yet; until then the server gets nothing of it.
    private readonly PendingBytes _parse = new();
    private bool _collects;

    // What goes to the server is put together in its buffer first, to go in one send.
    private bool _assembles;

    private ClientStatements? _statements;

    // Syncs sent: after an error the server skips to the next.
    private int _batch;
    private ReplyAction _replyAction;
    private PreparedStatement? _failed;

    // What the kernel sent that is not answered needs these; of which of them an error is cannot be told.
    private StatementNeeds _usedInKernel;
    private KernelNames? _names;

    /// <summary>Statements the client has prepared; for display, it may change at any moment.</summary>
    public int PreparedStatements => _statements?.Count ?? 0;

    private ClientStatements Statements => _statements ??= new ClientStatements(Pool.StatementTable);

    /// <summary>Whether the message that has just begun names a statement that is the pooler's affair.</summary>
    private NameSearch SearchName(ReadOnlySpan<byte> data, int offset, out Range name)
    {
        // What the server skips it may skip as it is.
        if (_framer.Type is FrontendCode.Parse or FrontendCode.Bind or FrontendCode.Describe or FrontendCode.Close
            && Pool.TracksStatements && !_ledger.IsSkipping)
        {
            return StatementMessage.Find(_framer.Type, data[offset..], _framer.BodyLength, out name);
        }

        name = default;
        return NameSearch.None;
    }

    /// <summary>
    /// Sends on, under the server's name, what has begun at <paramref name="start"/> and names a statement; of a Bind only up to
    /// the name, what follows streams. Moves past what was sent. Returns why the session has to end, or null.
    /// </summary>
    private SessionEndReason? SendNamed(ReadOnlySpan<byte> data, Range name, int start, ref int forwarded, ref int offset)
    {
        ServerConnection server = _server!;
        ReadOnlySpan<byte> body = data[offset..];
        bool isWhole = body.Length >= _framer.BodyLength;
        if (_framer.Type == FrontendCode.Parse && !isWhole)
        {
            // The rest of the buffer is the message's.
            _collects = true;
            return IsRoomFor(_framer.BodyLength) ? null : SessionEndReason.TooManyStatements;
        }

        _assembles = true;
        server.Out.Append(data[forwarded..start]);
        RequestedAt = _now;
        OnQueryBegins();
        SessionEndReason? reason = _framer.Type switch
        {
            FrontendCode.Parse => OnNamedParse(server, body[name], body[(name.End.Value + 1).._framer.BodyLength]),
            FrontendCode.Close => OnNamedClose(server, body[name]),
            _ => OnNamedUse(server, body, name),
        };
        forwarded = offset + (_framer.Type == FrontendCode.Bind ? name.End.Value + 1 : _framer.BodyLength);
        _framer.Next(data[..forwarded], ref offset);
        return reason;
    }

    /// <summary>The last piece of a Parse that came in several.</summary>
    private SessionEndReason? SendCollected(ReadOnlySpan<byte> lastPiece)
    {
        _parse.Append(lastPiece);
        _collects = false;
        _assembles = true;
        RequestedAt = _now;
        ReadOnlySpan<byte> body = _parse.Span[MessageFramer.HeaderLength..];
        OnQueryBegins();
        int name = body.IndexOf((byte)0);
        SessionEndReason? reason = _ledger.IsSkipping ? null : OnNamedParse(_server!, body[..name], body[(name + 1)..]);
        _parse.Release();
        return reason;
    }

    private bool IsRoomFor(int length) => length <= ClientStatements.MaximumBytes && Statements.HasRoomFor(length);

    private SessionEndReason? OnNamedParse(ServerConnection server, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        if (Statements.Contains(name))
        {
            LogStatement(Logger, Id, Login.Description, Encoding.UTF8.GetString(name), "was already prepared");
            return SessionEndReason.StatementExists;
        }

        if (!IsRoomFor(name.Length + text.Length))
        {
            return SessionEndReason.TooManyStatements;
        }

        _counters.ClientParses++;
        PreparedStatement statement = Statements.Name(name, text, out byte[] kept);
        if (server.Statements.Use(statement, _batch))
        {
            StatementMessage.WritePlaceholder(server.Out);
            Statements.Parsed(statement, kept, null);
            return NoteStatement();
        }

        ServerStatement known = Prepare(server, statement);
        Statements.Parsed(statement, kept, known);
        return NoteStatement() ?? MakeRoom(server);
    }

    private SessionEndReason? OnNamedClose(ServerConnection server, ReadOnlySpan<byte> name)
    {
        // The statement stays on the server, for others or for the next time.
        Statements.Closed(name);
        StatementMessage.WritePlaceholder(server.Out);
        return NoteStatement();
    }

    private SessionEndReason? OnNamedUse(ServerConnection server, ReadOnlySpan<byte> body, Range name)
    {
        if (Statements.Find(body[name]) is not { } statement)
        {
            LogStatement(Logger, Id, Login.Description, Encoding.UTF8.GetString(body[name]), "not found");
            return SessionEndReason.StatementMissing;
        }

        SessionEndReason? reason = null;
        bool isPrepared = server.Statements.Use(statement, _batch);
        NoteUse(server, isPrepared);
        if (!isPrepared)
        {
            Statements.ParsedAhead(Prepare(server, statement));
            reason = NoteStatement() ?? MakeRoom(server);
        }

        if (_framer.Type == FrontendCode.Describe)
        {
            StatementMessage.WriteDescribe(server.Out, statement.ServerName);
        }
        else
        {
            _counters.Binds++;
            int rest = _framer.BodyLength - name.End.Value - 1;
            StatementMessage.WriteBindHead(server.Out, body[..name.Start], statement.ServerName, rest);
        }

        Statements.Used(statement);
        return reason ?? NoteStatement();
    }

    /// <summary>Writes a Parse. The caller notes what it is to the client.</summary>
    private ServerStatement Prepare(ServerConnection server, PreparedStatement statement)
    {
        _counters.ServerParses++;
        ServerStatement known = server.Statements.Prepare(statement, _batch, out bool closeFirst);
        if (closeFirst)
        {
            StatementMessage.WriteClose(server.Out, statement.ServerName);
            Statements.ClosedAhead(statement);
            _ledger.StatementMessage();
        }

        StatementMessage.WriteParse(server.Out, statement.ServerName, statement.Text);
        return known;
    }

    /// <summary>Closes what the server has longest not used, as far as it has too many.</summary>
    private SessionEndReason? MakeRoom(ServerConnection server)
    {
        SessionEndReason? reason = null;
        while (reason is null && server.Statements.Evict(Pool.Settings.Global.MaxPreparedStatements, server) is { } evicted)
        {
            StatementMessage.WriteClose(server.Out, evicted.Statement.ServerName);
            Statements.Evicted(evicted);
            reason = NoteStatement();
        }

        return reason;
    }

    /// <summary>One more message that the server answers; a record of it has been made.</summary>
    private SessionEndReason? NoteStatement()
    {
        if (_ledger.MayCountPhantomSyncs)
        {
            return SessionEndReason.UnclearCopy;
        }

        return _ledger.StatementMessage() ? null : SessionEndReason.TooManyRequests;
    }

    /// <summary>After each message of the server's that may settle one of ours. False: replies cannot be told apart any more.</summary>
    private bool OnStatementReply()
    {
        _replyAction = _ledger.StatementAnswered ? Statements.Answered(_server!.Statements) : ReplyAction.Forward;
        TakeBackSkipped();
        if (_ledger.MayCountPhantomSyncs && _statements is { HasOutstanding: true })
        {
            _violation = SessionEndReason.UnclearCopy;
            return false;
        }

        return true;
    }

    private void TakeBackSkipped() =>
        _failed = _ledger.StatementsSkipped > 0 ? Statements.Skipped(_ledger.StatementsSkipped, _server!.Statements) : null;

    /// <summary>
    /// A statement whose result type has changed, or that the server does not have against expectation, is prepared anew, on every
    /// server, when it is used next: perhaps at once, and then the client must not see the error. Returns what the client gets of it.
    /// </summary>
    private ReplyAction OnStatementError(ErrorFields error)
    {
        if (error.SqlState is not (SqlStates.FeatureNotSupported or SqlStates.UnknownStatement))
        {
            return ReplyAction.Forward;
        }

        if ((_failed ?? _executedInKernel) is { } statement)
        {
            Pool.Renew(statement);
            return BeginRepeat(statement) ? ReplyAction.Swallow : ReplyAction.Forward;
        }

        for (int i = 0; i < _usedInKernel.Count; i++)
        {
            if (Pool.StatementTable.Find(_usedInKernel[i]) is { } used)
            {
                Pool.Renew(used);
            }
        }

        return ReplyAction.Forward;
    }

    /// <summary>The client is about to be the kernel's, which replaces the names that it knows.</summary>
    private void TellNames()
    {
        if (_statements is { } statements && Pool.TracksStatements)
        {
            statements.Tell(_names ??= new KernelNames(_kernel!.Path, Slot));
        }
    }

    private void ForgetStatements()
    {
        if (_names is { } names)
        {
            Statements.Untell(names);
        }

        _statements?.Release();
    }

    private void OnCommand(ReadOnlySpan<byte> tag)
    {
        if (_server!.NoteCommand(tag))
        {
            _statements?.Clear();
        }
    }

    [LoggerMessage(2010, LogLevel.Error, "C-{Client}: {Who} prepared statement '{Name}' {Fault}")]
    private static partial void LogStatement(ILogger logger, long client, string who, string name, string fault);
}
