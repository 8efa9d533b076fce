using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tigger.Kernel;

namespace Tigger.Cli;

/// <summary><c>tigger doctor</c>: can the kernel data path run here, and if not, what is missing.</summary>
internal static class DoctorCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Print the report as JSON" };
        Command command = new("doctor", "Check whether the kernel data path can run here, and say what is missing") { json };
        command.SetAction(parsed => Examine(parsed.GetValue(json)));
        return command;
    }

    private static int Examine(bool json)
    {
        DoctorReport report = KernelSupport.Examine();
        Console.WriteLine(json
            ? JsonSerializer.Serialize(new { report.Usable, report.Reasons, report.Checks, Note = Verdict(report) }, Json)
            : Describe(report));
        return report.Usable ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static string Describe(DoctorReport report)
    {
        int width = report.Checks.Max(check => check.Name.Length);
        IEnumerable<string> lines = report.Checks.Select(check =>
            $"{check.State.ToString().ToLowerInvariant(),-4}  {check.Name.PadRight(width)}  {check.Finding}{Advice(check)}");
        return $"{string.Join('\n', lines)}\n\n{Verdict(report)}";
    }

    private static string Verdict(DoctorReport report) => report.Usable
        ? "The kernel data path can run here: data_path: auto uses it for clients and servers on this host."
        : $"The kernel data path cannot run here: {string.Join("; ", report.Reasons)}. data_path: auto relays in user space.";

    private static string Advice(KernelCheck check) => check.Remedy is null ? "" : $" [remedy: {check.Remedy}]";
}
