using System.CommandLine;
using Tigger.Config;

namespace Tigger.Cli;

/// <summary><c>tigger convert</c>: a configuration of PgBouncer as YAML, on standard output.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        Command command = new("convert", "Print a configuration file, with all it includes, as YAML that means the same");
        ConfigFileChoice file = new(command);
        command.SetAction(parsed => Convert(file.In(parsed)));
        return command;
    }

    private static int Convert(string path)
    {
        ConfigResult result = ConfigLoader.Load(path);
        foreach (ConfigFault fault in result.Faults)
        {
            Console.Error.WriteLine(fault);
        }

        if (result.Config is null)
        {
            return ExitCodes.Failure;
        }

        Console.Write(YamlWriter.Write(result, $"What {Path.GetFileName(path)} says."));
        return ExitCodes.Success;
    }
}
