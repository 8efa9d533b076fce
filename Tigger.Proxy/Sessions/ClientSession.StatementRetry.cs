using Tigger.Pooling;
using Tigger.Prepared;
using Tigger.Protocol;
using Tigger.Relay;

namespace Tigger.Sessions;

/// <summary>
/// A statement whose result type has changed ("cached plan must not change result type") is prepared and bound once more without
/// the client's knowledge where nobody can tell the difference: outside a transaction block, when the batch is one Bind, Describe
/// of the portal, Execute and Sync (what libpq sends), so that nothing has been executed and the client learns of the new columns.
/// Members are called with the lock held.
/// </summary>
public sealed partial class ClientSession
{
    private const int MaximumRepeatable = 16 * 1024;

    // The batch under way as the server got it, if it may be sent again; nothing has been sent after it.
    private readonly PendingBytes _repeatable = new();

    // The server has refused it, and its ReadyForQuery has to come before it is sent again.
    private bool _repeats;
    private PreparedStatement? _repeated;

    // The batch begins with a Bind of a statement that the server has, and nothing else is under way.
    private bool _mayRepeat;

    // The same of a batch that the kernel has sent, as long as there has been no reply.
    private PreparedStatement? _executedInKernel;

    private void NoteUse(ServerConnection server, bool isPrepared) =>
        _mayRepeat = isPrepared && _framer.Type == FrontendCode.Bind && server.Out.IsEmpty
            && _ledger.IsQuiet && server.Status == TransactionStatus.Idle;

    /// <summary>Keeps what is about to be sent if it is a whole batch of that form.</summary>
    private void KeepRepeatable(ReadOnlySpan<byte> assembled)
    {
        if (_mayRepeat && assembled.Length <= MaximumRepeatable && IsOneExecution(assembled))
        {
            _repeatable.Append(assembled);
        }

        _mayRepeat = false;
    }

    /// <summary>The same of the only request of a link that the kernel began, outside a transaction block.</summary>
    private void KeepExecution(ReadOnlySpan<byte> request)
    {
        if (_usedInKernel.Count == 1 && IsOneExecution(request))
        {
            _repeatable.Append(request);
            _executedInKernel = Pool.StatementTable.Find(_usedInKernel[0]);
        }
    }

    private static bool IsOneExecution(ReadOnlySpan<byte> messages)
    {
        MessageFramer framer = default;
        ReadOnlySpan<byte> form = [FrontendCode.Bind, FrontendCode.Describe, FrontendCode.Execute, FrontendCode.Sync];
        int offset = 0;
        foreach (byte type in form)
        {
            if (framer.Next(messages, ref offset) != FrameEvent.Message || framer.Type != type
                || framer.Next(messages, ref offset) != FrameEvent.End
                || (type == FrontendCode.Describe && framer.FirstBodyByte != (byte)'P'))
            {
                return false;
            }
        }

        return offset == messages.Length;
    }

    /// <summary>Whether the error is kept from the client because the batch will be sent again.</summary>
    private bool BeginRepeat(PreparedStatement statement)
    {
        _repeats = !_repeatable.IsEmpty;
        _repeated = statement;
        return _repeats;
    }

    /// <summary>The server is ready for another try.</summary>
    private void RepeatStatement(ServerConnection server)
    {
        PreparedStatement statement = _repeated!;
        _repeated = null;
        _executedInKernel = null;
        _repeats = false;
        _assembles = true;
        Statements.ParsedAhead(Prepare(server, statement));
        _ledger.StatementMessage();
        server.Out.Append(_repeatable.Span);
        _repeatable.Release();
        Statements.Used(statement);
        _ledger.StatementMessage();
        _ledger.ClientMessage(FrontendCode.Describe);
        _ledger.ClientMessage(FrontendCode.Execute);
        _ledger.ClientMessage(FrontendCode.Sync);
        SendAssembled();
    }
}
