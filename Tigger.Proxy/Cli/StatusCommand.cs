using System.CommandLine;
using System.Text.Json;
using Npgsql;
using Spectre.Console;
using Tigger.Top;

namespace Tigger.Cli;

/// <summary><c>tigger status</c>: what a running Tigger does, from its console, once.</summary>
internal static class StatusCommand
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>The answers that make up the status, by the names they have in it.</summary>
    private static readonly string[] Parts =
        ["version", "state", "databases", "pools", "kernel", "stats", "times", "lists", "clients", "servers", "counters"];

    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Everything, as one JSON object" };
        Command command = new("status", "Print what a running Tigger does: its pools, or with --json everything its console shows") { json };
        AdminAddress address = new(command);
        command.SetAction((parsed, _) => ShowAsync(address.In(parsed), parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> ShowAsync(NpgsqlConnectionStringBuilder address, bool json)
    {
        try
        {
            await using AdminClient client = await AdminClient.ConnectAsync(address);
            if (json)
            {
                Console.WriteLine(await ReadAsync(client));
            }
            else
            {
                TopSnapshot now = await TopSnapshot.ReadAsync(client, null);
                Terminal().Write(TopView.Pools(now, new TopState(), TopView.Everything));
            }

            return ExitCodes.Success;
        }
        catch (NpgsqlException fault)
        {
            await Console.Error.WriteLineAsync($"tigger: {fault.Message}");
            return ExitCodes.Failure;
        }
    }

    /// <summary>A pipe or a file gets wide lines, and no escape sequences.</summary>
    private static IAnsiConsole Terminal()
    {
        const int Width = 160;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect });
        console.Profile.Width = Console.IsOutputRedirected ? Width : console.Profile.Width;
        return console;
    }

    private static async Task<string> ReadAsync(AdminClient client)
    {
        Dictionary<string, object?> status = [];
        foreach (string part in Parts)
        {
            IReadOnlyList<AdminRow> rows = await client.ShowAsync(part);
            status[part] = part switch
            {
                "version" => rows.Single().Text("version"),
                "lists" => rows.ToDictionary(row => row.Text("list"), row => row.Number("items")),
                "counters" => rows.ToDictionary(row => row.Text("name"), row => row.Number("value")),
                "state" => rows.ToDictionary(row => row.Text("key"), row => row.Text("value")),
                _ => rows.Select(row => row.Values),
            };
        }

        return JsonSerializer.Serialize(status, Json);
    }
}
