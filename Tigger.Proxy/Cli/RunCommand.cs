using System.CommandLine;
using Tigger.Config;
using Tigger.Handover;
using Tigger.Hosting;
using Tigger.Kernel.Interop;

namespace Tigger.Cli;

/// <summary><c>tigger run</c>: serve in the foreground until told to stop.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Option<string> file = TiggerCommand.ConfigOption();
        Command command = new("run", "Serve clients, in the foreground, until stopped by a signal or SHUTDOWN") { file };
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(file)));
        return command;
    }

    /// <summary>Loads the file and serves; returns the exit code.</summary>
    public static async Task<int> RunAsync(string path, Action<TiggerHost>? started = null)
    {
        ConfigSource source = new(path);
        LoadedConfig? loaded = source.Load(out IReadOnlyList<ConfigFault> faults);
        if (loaded is { Config: var wanted } && !await UsedPrivilegesAsync(wanted))
        {
            return ExitCodes.Failure;
        }

        foreach (ConfigFault fault in faults)
        {
            await Console.Error.WriteLineAsync(fault.ToString());
        }

        if (loaded is not { } ready)
        {
            return ExitCodes.Failure;
        }

        try
        {
            using TiggerHost host = new(source, ready, TimeProvider.System);
            await host.RunAsync(started);
            return ExitCodes.Success;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException or BpfException)
        {
            await Console.Error.WriteLineAsync($"tigger: {fault.Message}");
            return ExitCodes.Failure;
        }
    }

    /// <summary>
    /// Before anything else is done. With capabilities this returns only when it fails: the program starts again without them.
    /// </summary>
    internal static async Task<bool> UsedPrivilegesAsync(TiggerConfig config)
    {
        try
        {
            KernelStart.UsePrivileges(config);
            return true;
        }
        catch (Exception fault) when (fault is IOException or BpfException)
        {
            await Console.Error.WriteLineAsync($"tigger: {fault.Message}");
            return false;
        }
    }
}
