using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Tigger.Admin.Show;

namespace Tigger.Admin;

/// <summary>
/// Takes console statements apart. The grammar is PgBouncer's: one command, at most one argument, an optional semicolon;
/// anything else, several statements included, is invalid as a whole.
/// </summary>
public static partial class AdminCommandParser
{
    private const string Space = @"[ \t\n\r]";
    private const string Word = """("(?:[^"]|"")*"|[0-9a-z_]+)""";
    private const string End = $@"{Space}*(?:;{Space}*)?\z";
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>PgBouncer's <c>char arg[64]</c>.</summary>
    private const int LongestArgument = 63;

    private static readonly FrozenDictionary<string, AdminVerb> Verbs = new Dictionary<string, AdminVerb>
    {
        ["disable"] = AdminVerb.Disable,
        ["enable"] = AdminVerb.Enable,
        ["kill"] = AdminVerb.Kill,
        ["kill_client"] = AdminVerb.KillClient,
        ["pause"] = AdminVerb.Pause,
        ["record"] = AdminVerb.Record,
        ["reconnect"] = AdminVerb.Reconnect,
        ["reload"] = AdminVerb.Reload,
        ["resume"] = AdminVerb.Resume,
        ["select"] = AdminVerb.Show,
        ["show"] = AdminVerb.Show,
        ["shutdown"] = AdminVerb.Shutdown,
        ["suspend"] = AdminVerb.Suspend,
        ["takeover"] = AdminVerb.Takeover,
        ["wait_close"] = AdminVerb.WaitClose,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static AdminStatement Parse(string text)
    {
        if (NothingPattern().IsMatch(text))
        {
            return new AdminStatement(AdminVerb.Empty);
        }

        if (HarmlessPattern().Match(text) is { Success: true } harmless)
        {
            return new AdminStatement(AdminVerb.Harmless, TagOf(harmless));
        }

        if (CommandPattern().Match(text) is { Success: true } command
            && Verbs.TryGetValue(Unquote(command.Groups[1].Value, '"'), out AdminVerb verb))
        {
            return Command(text, verb, Unquote(command.Groups[2].Value, '"'));
        }

        if (SetPattern().Match(text) is { Success: true } set)
        {
            string key = Unquote(set.Groups[1].Value, '"');
            string value = set.Groups[2].Value;
            return key.Length is 0 or > LongestArgument
                ? new AdminStatement(AdminVerb.BadArguments)
                : new AdminStatement(AdminVerb.Set, key, Unquote(value, value is ['\'', ..] ? '\'' : '"'));
        }

        return new AdminStatement(AdminVerb.Invalid, text);
    }

    private static AdminStatement Command(string text, AdminVerb verb, string argument)
    {
        bool isProbe = verb == AdminVerb.Show && int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return verb switch
        {
            _ when argument.Length > LongestArgument => new AdminStatement(AdminVerb.BadArguments),
            _ when isProbe => new AdminStatement(AdminVerb.Probe, argument),
            AdminVerb.Show when !ShowCommands.Exists(argument) => new AdminStatement(AdminVerb.Invalid, text),
            AdminVerb.Reload or AdminVerb.Suspend or AdminVerb.Takeover when argument.Length > 0 => new AdminStatement(AdminVerb.Invalid, text),
            AdminVerb.Shutdown when !IsShutdownMode(argument) => new AdminStatement(AdminVerb.Invalid, text),
            _ => new AdminStatement(verb, argument),
        };
    }

    private static bool IsShutdownMode(string argument) =>
        argument.ToUpperInvariant() is "" or "WAIT_FOR_CLIENTS" or "WAIT_FOR_SERVERS" or "DRAIN";

    /// <summary>The command tag PostgreSQL would give.</summary>
    private static string TagOf(Match harmless)
    {
        string word = harmless.Groups[1].Value + harmless.Groups[2].Value;
        return word.ToUpperInvariant() switch
        {
            "START" => "START TRANSACTION",
            "END" => "COMMIT",
            "ABORT" => "ROLLBACK",
            var other => harmless.Groups[3].Success ? $"{other} ALL" : other,
        };
    }

    private static string Unquote(string text, char quote) => text.Length >= 2 && text[0] == quote
        ? text[1..^1].Replace($"{quote}{quote}", $"{quote}", StringComparison.Ordinal)
        : text;

    [GeneratedRegex($@"^{Space}*{Word}(?:{Space}+{Word})?{End}", Options)]
    private static partial Regex CommandPattern();

    [GeneratedRegex($@"^{Space}*set{Space}+{Word}{Space}*(?:=|to){Space}*({Word}|'(?:[^']|'')*'){End}", Options)]
    private static partial Regex SetPattern();

    // Atomic: a line of dashes can be read as comments in many ways, and one is enough.
    [GeneratedRegex(@"^(?>(?:[ \t\n\r;]|--[^\n]*)*)\z", Options)]
    private static partial Regex NothingPattern();

    [GeneratedRegex($@"^{Space}*(?:(begin|start|commit|end|rollback|abort)\b[^;]*|(discard|deallocate){Space}+(?:(all)|[^;\s]+)){End}", Options)]
    private static partial Regex HarmlessPattern();
}
