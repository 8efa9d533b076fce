using Tigger.Protocol;

namespace Tigger.Admin;

/// <summary>
/// The extended protocol, which PgBouncer's console lacks and many drivers cannot do without. Statements take no parameters,
/// and a portal always gives all its rows.
/// </summary>
public sealed partial class AdminSession
{
    private const string UnknownStatement = "26000";
    private const string UnknownPortal = "34000";

    private readonly Dictionary<string, AdminStatement> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AdminPortal> _portals = new(StringComparer.Ordinal);

    // After an error everything up to the next Sync is ignored.
    private bool _skipping;

    private async Task HandleExtendedAsync(byte type, byte[] body)
    {
        switch (type)
        {
            case FrontendCode.Sync:
                _skipping = false;
                _portals.Clear();
                _out.Bytes(ReadyForQuery.Build(TransactionStatus.Idle));
                await FlushAsync();
                break;
            case FrontendCode.Flush:
                await FlushAsync();
                break;
            case FrontendCode.Parse or FrontendCode.Bind or FrontendCode.Describe or FrontendCode.Execute or FrontendCode.Close:
                if (!_skipping && await TryRunAsync(type, body) is { } failure)
                {
                    _skipping = true;
                    Write(failure, ResultFormats.Text, describe: false);
                }

                break;
            default:
                throw new InvalidDataException($"unsupported packet type for admin console: {(int)type}");
        }
    }

    /// <summary>Null when the message was dealt with, else why not.</summary>
    private async Task<AdminOutcome?> TryRunAsync(byte type, byte[] body) => type switch
    {
        FrontendCode.Parse => Parse(body),
        FrontendCode.Bind => Bind(body),
        FrontendCode.Describe => Describe(body),
        FrontendCode.Close => Close(body),
        _ => await ExecuteAsync(body),
    };

    private AdminOutcome? Parse(byte[] body)
    {
        MessageReader reader = new(body);
        if (!reader.TryCString(out string? name) || !reader.TryCString(out string? text) || !reader.TryInt16(out short parameters))
        {
            throw Malformed("Parse");
        }

        if (parameters != 0)
        {
            return NoParameters();
        }

        _statements[name] = AdminCommandParser.Parse(text);
        Acknowledge(BackendCode.ParseComplete);
        return null;
    }

    private AdminOutcome? Bind(byte[] body)
    {
        MessageReader reader = new(body);
        if (!reader.TryCString(out string? portal) || !reader.TryCString(out string? name)
            || !TryCodes(ref reader, out _) || !reader.TryInt16(out short parameters))
        {
            throw Malformed("Bind");
        }

        if (parameters != 0)
        {
            return NoParameters();
        }

        if (!TryCodes(ref reader, out short[] codes))
        {
            throw Malformed("Bind");
        }

        if (!_statements.TryGetValue(name, out AdminStatement? statement))
        {
            return NoStatement(name);
        }

        ResultFormats formats = new(codes);
        if (!formats.Fits(AdminCommands.ColumnsOf(statement).Count))
        {
            return AdminOutcome.Failed("bind message asks for result formats that do not suit the result");
        }

        _portals[portal] = new AdminPortal(statement, formats);
        Acknowledge(BackendCode.BindComplete);
        return null;
    }

    private AdminOutcome? Describe(byte[] body)
    {
        (byte kind, string name) = ReadTarget(body, "Describe");
        if (kind == (byte)'P')
        {
            if (!_portals.TryGetValue(name, out AdminPortal? portal))
            {
                return NoPortal(name);
            }

            DescribeRows(portal.Statement, portal.Formats);
            return null;
        }

        if (!_statements.TryGetValue(name, out AdminStatement? statement))
        {
            return NoStatement(name);
        }

        _out.Begin(BackendCode.ParameterDescription).Int16(0).End();
        DescribeRows(statement, ResultFormats.Text);
        return null;
    }

    private void DescribeRows(AdminStatement statement, ResultFormats formats)
    {
        IReadOnlyList<ResultColumn> columns = AdminCommands.ColumnsOf(statement);
        if (columns.Count == 0)
        {
            Acknowledge(BackendCode.NoData);
        }
        else
        {
            ResultTable.WriteDescription(_out, columns, formats);
        }
    }

    private async Task<AdminOutcome?> ExecuteAsync(byte[] body)
    {
        if (!new MessageReader(body).TryCString(out string? name))
        {
            throw Malformed("Execute");
        }

        if (!_portals.TryGetValue(name, out AdminPortal? portal))
        {
            return NoPortal(name);
        }

        AdminOutcome outcome = await ExecuteAsync(portal.Statement);
        if (outcome.Error is not null)
        {
            return outcome;
        }

        Write(outcome, portal.Formats, describe: false);
        return null;
    }

    private AdminOutcome? Close(byte[] body)
    {
        (byte kind, string name) = ReadTarget(body, "Close");
        _ = kind == (byte)'P' ? _portals.Remove(name) : _statements.Remove(name);
        Acknowledge(BackendCode.CloseComplete);
        return null;
    }

    private void Acknowledge(byte type) => _out.Begin(type).End();

    private static (byte Kind, string Name) ReadTarget(byte[] body, string message)
    {
        MessageReader reader = new(body);
        return reader.TryByte(out byte kind) && kind is (byte)'S' or (byte)'P' && reader.TryCString(out string? name)
            ? (kind, name)
            : throw Malformed(message);
    }

    private static bool TryCodes(ref MessageReader reader, out short[] codes)
    {
        codes = [];
        if (!reader.TryInt16(out short count) || count < 0)
        {
            return false;
        }

        codes = new short[count];
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryInt16(out codes[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static AdminOutcome NoParameters() =>
        AdminOutcome.Failed("the admin console takes no parameters", SqlStates.FeatureNotSupported);

    private static AdminOutcome NoStatement(string name) =>
        AdminOutcome.Failed($"prepared statement \"{name}\" does not exist", UnknownStatement);

    private static AdminOutcome NoPortal(string name) =>
        AdminOutcome.Failed($"portal \"{name}\" does not exist", UnknownPortal);

    private static InvalidDataException Malformed(string message) => new($"malformed {message} message");
}
