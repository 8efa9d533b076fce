using System.Globalization;
using Microsoft.Extensions.Logging;
using Tigger.Admin.Show;
using Tigger.Config;
using Tigger.Control;
using Tigger.Sessions;

namespace Tigger.Admin;

/// <summary>
/// Runs the statements of one user of the console: what shows something (here), what changes databases
/// (<c>.Databases</c>). Error texts are PgBouncer's.
/// </summary>
public sealed partial class AdminCommands(AdminContext context, AdminLevel level)
{
    private const string ConfigFileError = "F0000";

    private static readonly IReadOnlyList<ResultColumn> ProbeColumns = ResultColumn.List("?column?:i");

    /// <summary>Columns of what the statement would return; none when it returns no rows.</summary>
    public static IReadOnlyList<ResultColumn> ColumnsOf(AdminStatement statement) => statement.Verb switch
    {
        AdminVerb.Probe => ProbeColumns,
        AdminVerb.Show when FakeParameters.Contains(statement.Argument) => FakeColumns(statement.Argument),
        AdminVerb.Show => ShowCommands.Find(statement.Argument)?.Columns ?? [],
        _ => [],
    };

    /// <summary>Whether the user may give it.</summary>
    public bool Allows(AdminStatement statement) => AdminAccess.Allows(level, statement);

    /// <summary>Runs a statement; some wait long.</summary>
    /// <exception cref="OperationCanceledException">The client waits no more.</exception>
    public async Task<AdminOutcome> RunAsync(AdminStatement statement, CancellationToken cancellation)
    {
        if (!Allows(statement))
        {
            return Refuse("admin access needed");
        }

        switch (statement.Verb)
        {
            case AdminVerb.Empty:
                return AdminOutcome.Empty;
            case AdminVerb.Invalid:
                return Invalid(statement.Argument);
            case AdminVerb.BadArguments:
                return Refuse("bad arguments");
            case AdminVerb.Harmless:
                return AdminOutcome.Done(statement.Argument);
            case AdminVerb.Probe:
                return Probe(statement.Argument);
            case AdminVerb.Show:
                return Show(statement.Argument);
            case AdminVerb.Set:
                return Set(statement.Argument, statement.Value);
            case AdminVerb.KillClient:
                return KillClient(statement.Argument);
        }

        LogIssued(statement.Verb, statement.Argument);
        return statement.Verb switch
        {
            AdminVerb.Reload => Reload(),
            AdminVerb.Suspend => Finish(statement.Verb, await context.Control.SuspendAsync(cancellation)),
            AdminVerb.Shutdown => await ShutdownAsync(statement.Argument, cancellation),
            _ => await RunOnDatabaseAsync(statement, cancellation),
        };
    }

    private static IReadOnlyList<ResultColumn> FakeColumns(string name) =>
        [new ResultColumn(name.ToLowerInvariant(), ColumnType.Text)];

    private static AdminOutcome Probe(string number)
    {
        ResultTable rows = new(ProbeColumns);
        rows.Add(int.Parse(number, CultureInfo.InvariantCulture));
        return AdminOutcome.Shown(rows, "SELECT 1");
    }

    private AdminOutcome Show(string what)
    {
        if (FakeParameters.TryGet(what, out string? value))
        {
            ResultTable fake = new(FakeColumns(what));
            fake.Add(value);
            return AdminOutcome.Shown(fake);
        }

        if (ShowCommands.Find(what) is not { } command)
        {
            return AdminOutcome.Done("SHOW", HelpText.Notice);
        }

        ResultTable rows = new(command.Columns);
        command.Fill(rows, context);
        return AdminOutcome.Shown(rows);
    }

    private AdminOutcome Set(string name, string value)
    {
        if (FakeParameters.Contains(name))
        {
            return AdminOutcome.Done("SET", Protocol.ErrorResponse.Notice("SET ignored"));
        }

        Parsed<TiggerConfig> changed = SettingsTable.Set(context.Config, name, value);
        if (!changed.Ok)
        {
            return Refuse($"SET failed: {changed.Error}");
        }

        if (NotInThisVersion.Refusal(changed.Value) is { } refusal)
        {
            return Refuse($"SET failed: {refusal}");
        }

        if (context.Apply(changed.Value) is { } fault)
        {
            return Refuse($"SET failed: {fault}");
        }

        return AdminOutcome.Done($"SET {name}={value}");
    }

    private AdminOutcome Reload()
    {
        List<ConfigFault> faults = [.. context.Reload().Where(fault => fault.Severity == FaultSeverity.Error)];
        return faults.Count == 0
            ? AdminOutcome.Done("RELOAD")
            : AdminOutcome.Failed(
                $"RELOAD failed, see logs for additional details: {string.Join("; ", faults)}", ConfigFileError);
    }

    private async Task<AdminOutcome> ShutdownAsync(string mode, CancellationToken cancellation)
    {
        switch (mode.ToUpperInvariant())
        {
            case "WAIT_FOR_CLIENTS":
                context.Control.Shutdown(ShutdownMode.WaitForClients);
                break;
            case "WAIT_FOR_SERVERS":
                context.Control.Shutdown(ShutdownMode.WaitForServers);
                break;
            case "DRAIN":
                context.Control.Shutdown(ShutdownMode.Drain);
                break;
            default:
                context.Control.Shutdown(ShutdownMode.Immediate);

                // As in PgBouncer there is no answer: the end of the connection tells that the process is gone.
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
                break;
        }

        return AdminOutcome.Done("SHUTDOWN");
    }

    private AdminOutcome KillClient(string number)
    {
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long id))
        {
            return Refuse("invalid client pointer supplied");
        }

        LogIssued(AdminVerb.KillClient, number);
        return context.Control.KillClient(id) || context.Admins.TryKill(id)
            ? AdminOutcome.Done(TagOf(AdminVerb.KillClient))
            : Refuse("client not found");
    }

    private void LogIssued(AdminVerb verb, string argument)
    {
        if (argument.Length == 0)
        {
            LogIssued(context.Logger, TagOf(verb));
        }
        else
        {
            LogIssuedFor(context.Logger, TagOf(verb), argument);
        }
    }

    private AdminOutcome Finish(AdminVerb verb, string? error) =>
        error is null ? AdminOutcome.Done(TagOf(verb)) : Refuse(error);

    private AdminOutcome Refuse(string error)
    {
        LogRefused(context.Logger, error);
        return AdminOutcome.Failed(error);
    }

    // Not logged: the text is whatever a client sent.
    private static AdminOutcome Invalid(string text)
    {
        const int LongestQuote = 900;
        string quoted = text.Length > LongestQuote ? text[..LongestQuote] : text;
        return AdminOutcome.Failed($"invalid command '{quoted}', use SHOW HELP;");
    }

    private static string TagOf(AdminVerb verb) => verb switch
    {
        AdminVerb.KillClient => "KILL_CLIENT",
        AdminVerb.WaitClose => "WAIT_CLOSE",
        _ => verb.ToString().ToUpperInvariant(),
    };

    [LoggerMessage(7100, LogLevel.Information, "{Command} command issued")]
    private static partial void LogIssued(ILogger logger, string command);

    [LoggerMessage(7101, LogLevel.Information, "{Command} '{Argument}' command issued")]
    private static partial void LogIssuedFor(ILogger logger, string command, string argument);

    [LoggerMessage(7102, LogLevel.Warning, "admin console: {Error}")]
    private static partial void LogRefused(ILogger logger, string error);
}
