using System.CommandLine;
using System.Runtime.InteropServices;
using Tigger.Pooling;
using Tigger.Recording;

namespace Tigger.Cli;

/// <summary><c>tigger record</c>: what the clients of a database do, in a file.</summary>
internal static class RecordCommand
{
    private const string DefaultConsole = "host=127.0.0.1 port=6432 user=postgres";

    public static Command Create()
    {
        Option<string> database = new("--database", "-d") { Description = "Database, as clients name it", HelpName = "name", Required = true };
        Option<double> seconds = new("--seconds", "-s") { Description = "How long; Ctrl-C ends it earlier", HelpName = "number", Required = true };
        Option<string> console = new("--console")
        {
            Description = "Connection string of the admin console: host, port, user, password, sslmode",
            HelpName = "string",
            DefaultValueFactory = _ => DefaultConsole,
        };
        Argument<string> file = new("file") { Description = "Where to write; it must not be there" };
        Command command = new("record", "Write the transactions of a running Tigger's database to a file") { database, seconds, console, file };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(console)!, parsed.GetValue(database)!, parsed.GetValue(seconds), parsed.GetValue(file)!));
        return command;
    }

    private static async Task<int> RunAsync(string console, string database, double seconds, string path)
    {
        try
        {
            using ToolPool pool = new($"{console} dbname={Config.Limits.AdminDatabase}", []);
            RecordingClient client = await RecordingClient.ConnectAsync(pool);
            // Without a buffer: what is recorded is there at once, whatever happens to us.
            await using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
            using CancellationTokenSource end = new(TimeSpan.FromSeconds(seconds));
            using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
            using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
            await client.RunAsync(database, file, end.Token);
            Console.WriteLine($"{path}: {client.Written} bytes");
            return ExitCodes.Success;

            void End(PosixSignalContext signal)
            {
                signal.Cancel = true;
                end.Cancel();
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or ServerLoginException)
        {
            await Console.Error.WriteLineAsync($"tigger record: {fault.Message}");
            return ExitCodes.Failure;
        }
    }
}
