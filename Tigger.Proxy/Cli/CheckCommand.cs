using System.CommandLine;
using Tigger.Config;
using Tigger.Hosting;

namespace Tigger.Cli;

/// <summary><c>tigger check</c>: all faults of a configuration file, without starting anything.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        Command command = new("check", "Check a configuration file: every fault, with line and column");
        ConfigFileChoice file = new(command);
        command.SetAction(parsed => Check(file.In(parsed)));
        return command;
    }

    private static int Check(string path)
    {
        bool usable = new ConfigSource(path).Load(out IReadOnlyList<ConfigFault> faults) is not null;
        foreach (ConfigFault fault in faults)
        {
            Console.Error.WriteLine(fault);
        }

        Console.WriteLine(usable ? $"{path}: ok" : $"{path}: not usable");
        return usable ? ExitCodes.Success : ExitCodes.Failure;
    }
}
