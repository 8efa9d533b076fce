using System.CommandLine;
using Tigger.Config.Reference;

namespace Tigger.Cli;

/// <summary><c>tigger reference</c>: every setting of this version, on standard output.</summary>
internal static class ReferenceCommand
{
    public static Command Create()
    {
        Option<bool> man = new("--man") { Description = "Print the manual page tigger.yaml(5) instead of Markdown" };
        Command command = new("reference", "Print every setting: default, unit, whether a reload changes it, what it does") { man };
        command.SetAction(parsed =>
        {
            Console.Write(parsed.GetValue(man) ? ManReference.Write() : MarkdownReference.Write());
            return ExitCodes.Success;
        });
        return command;
    }
}
