using Tigger.Hosting;

namespace Tigger.Cli;

/// <summary>PgBouncer's command line, read as getopt_long(3) does, with its error texts.</summary>
internal sealed class PgBouncerArguments
{
    private static readonly (string Name, char Letter)[] LongNames =
    [
        ("quiet", 'q'), ("verbose", 'v'), ("help", 'h'), ("daemon", 'd'), ("version", 'V'), ("reboot", 'R'), ("user", 'u'),
    ];

    private readonly List<string> _files = [];

    public StartOptions Options { get; private set; } = new();

    public bool WantsHelp { get; private set; }

    public bool WantsVersion { get; private set; }

    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Error { get; private set; }

    public string ConfigFile => _files[0];

    public static PgBouncerArguments Parse(IReadOnlyList<string> arguments)
    {
        PgBouncerArguments parsed = new();
        Queue<string> rest = new(arguments);
        while (rest.TryDequeue(out string? argument))
        {
            if (argument == "--")
            {
                parsed._files.AddRange(rest);
                rest.Clear();
            }
            else if (argument.StartsWith("--", StringComparison.Ordinal))
            {
                parsed.ReadLong(argument[2..], rest);
            }
            else if (argument.StartsWith('-') && argument.Length > 1)
            {
                parsed.ReadLetters(argument[1..], rest);
            }
            else
            {
                parsed._files.Add(argument);
            }

            if (parsed.Error is not null || parsed.WantsHelp || parsed.WantsVersion)
            {
                return parsed;
            }
        }

        parsed.Error = parsed._files.Count == 1 ? null : "no configuration file specified";
        return parsed;
    }

    private void ReadLong(string text, Queue<string> rest)
    {
        string[] parts = text.Split('=', 2);
        (string Name, char Letter)[] matches = [.. LongNames.Where(name => name.Name == parts[0])];
        if (matches.Length == 0)
        {
            matches = [.. LongNames.Where(name => name.Name.StartsWith(parts[0], StringComparison.Ordinal))];
        }

        if (matches.Length != 1)
        {
            Error = matches.Length == 0
                ? $"unrecognized option '--{parts[0]}'"
                : $"option '--{parts[0]}' is ambiguous; possibilities: {string.Join(' ', matches.Select(match => $"'--{match.Name}'"))}";
        }
        else if (matches[0].Letter != 'u')
        {
            Error = parts.Length > 1 ? $"option '--{matches[0].Name}' doesn't allow an argument" : null;
            Set(matches[0].Letter);
        }
        else if (parts.Length > 1 || rest.Count > 0)
        {
            Options = Options with { User = parts.Length > 1 ? parts[1] : rest.Dequeue() };
        }
        else
        {
            Error = "option '--user' requires an argument";
        }
    }

    private void ReadLetters(string letters, Queue<string> rest)
    {
        for (int i = 0; i < letters.Length && Error is null && !WantsHelp && !WantsVersion; i++)
        {
            if (letters[i] != 'u')
            {
                Set(letters[i]);
            }
            else if (i + 1 < letters.Length || rest.Count > 0)
            {
                Options = Options with { User = i + 1 < letters.Length ? letters[(i + 1)..] : rest.Dequeue() };
                return;
            }
            else
            {
                Error = "option requires an argument -- 'u'";
            }
        }
    }

    private void Set(char letter)
    {
        switch (letter)
        {
            case 'd':
                Options = Options with { Daemon = true };
                break;
            case 'q':
                Options = Options with { Quiet = true };
                break;
            case 'v':
                Options = Options with { Verbose = Options.Verbose + 1 };
                break;
            case 'R':
                Options = Options with { Reboot = true };
                break;
            case 'h':
                WantsHelp = true;
                break;
            case 'V':
                WantsVersion = true;
                break;
            default:
                Error = $"invalid option -- '{letter}'";
                break;
        }
    }
}
