using System.CommandLine;
using Tigger.Config;
using Tigger.Handover;
using Tigger.Hosting;
using Tigger.Kernel.Interop;
using Tigger.Privileges;

namespace Tigger.Cli;

/// <summary><c>tigger run</c>: serve in the foreground until told to stop.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Command command = new("run", "Serve clients, in the foreground, until stopped by a signal or SHUTDOWN");
        ConfigFileChoice file = new(command);
        command.SetAction((parsed, _) => RunAsync(new ConfigSource(file.In(parsed))));
        return command;
    }

    /// <summary>Loads the file and serves; returns the exit code.</summary>
    public static async Task<int> RunAsync(ConfigSource source, Action<TiggerHost>? started = null)
    {
        LoadedConfig? loaded = source.Load(out IReadOnlyList<ConfigFault> faults);
        if (loaded is { Config: var wanted } && !await UsedPrivilegesAsync(wanted))
        {
            return ExitCodes.Failure;
        }

        // Otherwise they are logged, but a daemon's log has left the terminal.
        foreach (ConfigFault fault in loaded is null || source.Options.Daemon ? faults : [])
        {
            await Console.Error.WriteLineAsync(fault.ToString());
        }

        if (loaded is not { } ready)
        {
            await Console.Error.WriteLineAsync("tigger: cannot load config file");
            return ExitCodes.Failure;
        }

        try
        {
            if (source.Options.Daemon && ready.Config.Pidfile.Length == 0)
            {
                throw new IOException("daemon needs pidfile configured");
            }

            // After the files are read, as in PgBouncer: the user need not be able to.
            ServiceUser.Become(ready.Config.User);
            using TiggerHost host = new(source, ready, TimeProvider.System);
            host.Report(faults);
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
