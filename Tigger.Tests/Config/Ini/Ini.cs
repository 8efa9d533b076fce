using Tigger.Config;

namespace Tigger.Tests.Config.Ini;

/// <summary>Short ways to load a pgbouncer.ini in a test.</summary>
internal static class Ini
{
    public const string File = "pgbouncer.ini";

    public static ConfigResult Load(string text) => ConfigLoader.Parse(text, File);

    /// <summary>The configuration of a text without errors.</summary>
    public static TiggerConfig Sound(string text)
    {
        var result = Load(text);
        Assert.DoesNotContain(result.Faults, fault => fault.Severity == FaultSeverity.Error);
        return result.Config!;
    }

    public static string[] Errors(string text) =>
        [.. Load(text).Faults.Where(fault => fault.Severity == FaultSeverity.Error).Select(fault => fault.ToString())];
}
