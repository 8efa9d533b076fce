using System.CommandLine;

namespace Tigger.Cli;

/// <summary>The command line. Exit codes are in <see cref="ExitCodes"/>.</summary>
public static class TiggerCommand
{
    public static int Run(string[] arguments)
    {
        RootCommand root = new("Tigger: a connection pooler for PostgreSQL, in place of PgBouncer")
        {
            RunCommand.Create(),
            CheckCommand.Create(),
            DemoCommand.Create(),
            DoctorCommand.Create(),
            VersionCommand.Create(),
        };
        ParseResult parsed = root.Parse(arguments);
        int code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
    }

    internal static Option<string> ConfigOption() => new("--config", "-c")
    {
        Description = "Configuration file (YAML)",
        Required = true,
        HelpName = "file",
    };
}
