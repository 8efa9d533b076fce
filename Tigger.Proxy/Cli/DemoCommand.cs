using System.CommandLine;
using Tigger.Demo;

namespace Tigger.Cli;

/// <summary><c>tigger demo</c>: a throwaway PostgreSQL with Tigger in front of it, gone without trace at Ctrl-C.</summary>
internal static class DemoCommand
{
    private const int DefaultPort = 6432;

    public static Command Create()
    {
        Option<int> port = new("--port", "-p")
        {
            Description = "Port to listen on, on loopback",
            DefaultValueFactory = _ => DefaultPort,
            HelpName = "number",
        };
        Command command = new("demo", "Try it: a throwaway PostgreSQL and Tigger in front of it, on loopback") { port };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(port)));
        return command;
    }

    private static async Task<int> RunAsync(int port)
    {
        try
        {
            using DemoPostgres postgres = DemoPostgres.Start();
            string config = postgres.WriteConfig(port);
            return await RunCommand.RunAsync(config, () => Introduce(postgres, port));
        }
        catch (DemoException fault)
        {
            await Console.Error.WriteLineAsync($"tigger demo: {fault.Message}");
            return ExitCodes.Failure;
        }
    }

    private static void Introduce(DemoPostgres postgres, int port) => Console.WriteLine(
        $"""

        PostgreSQL {postgres.Version} is running in {postgres.Directory}, Tigger in front of it.

          psql -h 127.0.0.1 -p {port} -U postgres postgres         try it
          psql -h 127.0.0.1 -p {port} -U postgres pgbouncer        admin console (SHOW HELP;)

        Data path: user. Every byte is moved by the process; the kernel path is not part of this version.
        Ctrl-C stops both and removes everything.

        """);
}
