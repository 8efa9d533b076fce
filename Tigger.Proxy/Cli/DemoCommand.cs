using System.CommandLine;
using Tigger.Config;
using Tigger.Demo;
using Tigger.Hosting;

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
        // Before PostgreSQL is started: this may begin the program anew.
        if (!await RunCommand.UsedPrivilegesAsync(new TiggerConfig { MaxClientConn = DemoPostgres.MaxClientConn }))
        {
            return ExitCodes.Failure;
        }

        try
        {
            using DemoPostgres postgres = DemoPostgres.Start();
            string config = postgres.WriteConfig(port);
            return await RunCommand.RunAsync(new ConfigSource(config), host => Introduce(postgres, port, host));
        }
        catch (DemoException fault)
        {
            await Console.Error.WriteLineAsync($"tigger demo: {fault.Message}");
            return ExitCodes.Failure;
        }
    }

    private static void Introduce(DemoPostgres postgres, int port, TiggerHost host) => Console.WriteLine(
        $"""

        PostgreSQL {postgres.Version} is running in {postgres.Directory}, Tigger in front of it.

          psql -h 127.0.0.1 -p {port} -U postgres postgres         try it
          psql -h 127.0.0.1 -p {port} -U postgres pgbouncer        admin console (SHOW HELP;)

        It uses the {host.DataPath}.
        Ctrl-C stops both and removes everything.

        """);
}
