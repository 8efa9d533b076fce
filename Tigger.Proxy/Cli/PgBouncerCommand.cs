using System.Security.Cryptography;
using Tigger.Admin;
using Tigger.Hosting;

namespace Tigger.Cli;

/// <summary>Tigger as it is called in PgBouncer's place: <c>[-d] [-q] [-v] [-u user] [-R] [-V] [-h] file</c>.</summary>
internal static class PgBouncerCommand
{
    /// <param name="program">The name it was called by.</param>
    /// <param name="arguments">What followed.</param>
    public static int Run(string program, string[] arguments)
    {
        PgBouncerArguments parsed = PgBouncerArguments.Parse(arguments);
        if (parsed.Error is { } error)
        {
            Console.Error.WriteLine($"{program}: {error}\nTry \"{program} --help\" for more information.");
            return ExitCodes.Failure;
        }

        if (parsed.WantsHelp || parsed.WantsVersion)
        {
            Console.Write(parsed.WantsHelp ? Help(program) : Version());
            return ExitCodes.Success;
        }

        ConfigSource source = new(parsed.ConfigFile) { Options = parsed.Options };
        if (!source.Options.Daemon)
        {
            return RunCommand.RunAsync(source).GetAwaiter().GetResult();
        }

        if (!Daemon.IsThisProcess)
        {
            return Daemon.Start(arguments);
        }

        Daemon.Detach();
        return RunCommand.RunAsync(source, _ => Daemon.ReportUp()).GetAwaiter().GetResult();
    }

    private static string Help(string program) =>
        $"""
        {program} is a connection pooler for PostgreSQL.

        Usage:
          {program} [OPTION]... CONFIG_FILE

        Options:
          -d, --daemon         run in background (as a daemon)
          -q, --quiet          run quietly
          -R, --reboot         do an online reboot
          -u, --user=USERNAME  assume identity of USERNAME
          -v, --verbose        increase verbosity
          -V, --version        show version, then exit
          -h, --help           show this help, then exit

        CONFIG_FILE is PgBouncer's, or YAML. This is Tigger; its own commands: tigger --help

        """;

    private static string Version() =>
        $"""
        PgBouncer {AdminContext.PgBouncerVersion} (Tigger {ProductVersion.Text})
        .NET {Environment.Version}
        tls: OpenSSL {OpenSslVersion()}

        """;

    /// <summary>OPENSSL_VERSION_NUMBER of OpenSSL 3: four bits major, eight minor, eight nothing, eight patch, four nothing.</summary>
    private static string OpenSslVersion()
    {
        long number = SafeEvpPKeyHandle.OpenSslVersion;
        return $"{number >> 28}.{number >> 20 & 0xFF}.{number >> 4 & 0xFF}";
    }
}
