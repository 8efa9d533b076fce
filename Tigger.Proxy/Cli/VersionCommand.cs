using System.CommandLine;
using Tigger.Hosting;

namespace Tigger.Cli;

/// <summary><c>tigger version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        Command command = new("version", "Print the version");
        command.SetAction(_ =>
        {
            Console.WriteLine($"tigger {ProductVersion.Text}");
            return ExitCodes.Success;
        });
        return command;
    }
}
