using Tigger.Config;

namespace Tigger.Tests.Config;

/// <summary>Short ways to load a text in a test.</summary>
internal static class Yaml
{
    public const string File = "tigger.yaml";

    /// <summary>Enough to be free of warnings.</summary>
    public const string Sound = "users: { app: { password: x } }\ndatabases: { shop: { host: 127.0.0.1 } }\n";

    public static TiggerConfig Load(string yaml)
    {
        var result = ConfigLoader.Parse(yaml, File);
        Assert.DoesNotContain(result.Faults, fault => fault.Severity == FaultSeverity.Error);
        return result.Config!;
    }

    public static TiggerConfig LoadSound(string yaml)
    {
        var result = ConfigLoader.Parse(yaml, File);
        Assert.Empty(result.Faults);
        return result.Config!;
    }

    public static string[] Faults(string yaml) => [.. ConfigLoader.Parse(yaml, File).Faults.Select(fault => fault.ToString())];
}
