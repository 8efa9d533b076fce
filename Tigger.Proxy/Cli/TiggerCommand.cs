using System.CommandLine;
using Tigger.Hosting;

namespace Tigger.Cli;

/// <summary>The command line. Exit codes are in <see cref="ExitCodes"/>.</summary>
public static class TiggerCommand
{
    private const string PgBouncer = "pgbouncer";

    public static int Run(string[] arguments)
    {
        RootCommand root = new("Tigger: a connection pooler for PostgreSQL, in place of PgBouncer, whose command line it takes, too (tigger -h)")
        {
            RunCommand.Create(),
            CheckCommand.Create(),
            ConvertCommand.Create(),
            DemoCommand.Create(),
            DoctorCommand.Create(),
            PingCommand.Create(),
            RecordCommand.Create(),
            ReferenceCommand.Create(),
            ReplayCommand.Create(),
            StatusCommand.Create(),
            TopCommand.Create(),
            VersionCommand.Create(),
        };
        string name = NameOfThisProgram();
        if (IsPgBouncers(root, name, arguments))
        {
            return PgBouncerCommand.Run(name, arguments);
        }

        ParseResult parsed = root.Parse(arguments);
        int code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
    }

    /// <summary>Called by PgBouncer's name, or with a switch or a file where Tigger's own command line has a command.</summary>
    private static bool IsPgBouncers(RootCommand root, string name, string[] arguments)
    {
        if (Daemon.IsThisProcess || Path.GetFileName(name) == PgBouncer)
        {
            return true;
        }

        return arguments is [var first, ..]
            && first is not ("--help" or "--version" or "-?")
            && root.Subcommands.All(command => command.Name != first)
            && (first.StartsWith('-') || File.Exists(first));
    }

    /// <summary>As it was called: a link keeps its name there.</summary>
    private static string NameOfThisProgram() => File.ReadAllText("/proc/self/cmdline").Split('\0')[0];
}
