using System.CommandLine;
using Npgsql;
using Tigger.Top;

namespace Tigger.Cli;

/// <summary><c>tigger top</c>: a live view of a running Tigger, of this or another host, through its console.</summary>
internal static class TopCommand
{
    private const double ShortestInterval = 0.2;

    public static Command Create()
    {
        Option<double> interval = new("--interval", "-n") { Description = "Seconds between two looks", DefaultValueFactory = _ => 2 };
        Command command = new("top", "Watch a running Tigger: pools, waiting clients, latencies, slowest clients") { interval };
        AdminAddress address = new(command);
        command.SetAction((parsed, cancellation) => WatchAsync(
            address.In(parsed), TimeSpan.FromSeconds(Math.Max(ShortestInterval, parsed.GetValue(interval))), cancellation));
        return command;
    }

    private static async Task<int> WatchAsync(NpgsqlConnectionStringBuilder address, TimeSpan interval, CancellationToken cancellation)
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            await Console.Error.WriteLineAsync("tigger: top needs a terminal; `tigger status --json` does not");
            return ExitCodes.Usage;
        }

        try
        {
            await using AdminClient client = await AdminClient.ConnectAsync(address);
            await new TopScreen(client, () => AdminClient.ConnectAsync(address), interval).RunAsync(cancellation);
            return ExitCodes.Success;
        }
        catch (NpgsqlException fault)
        {
            await Console.Error.WriteLineAsync($"tigger: {fault.Message}");
            return ExitCodes.Failure;
        }
    }
}
