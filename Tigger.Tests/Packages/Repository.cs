using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Packages;

/// <summary>Where the files are that are shipped.</summary>
internal static class Repository
{
    /// <summary>The directory of Tigger.sln: five above the executable.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(PoolerProgram.Tigger)!, "..", "..", "..", ".."));

    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Runs a script of the repository to its end, and wants it to succeed.</summary>
    public static async Task<ToolResult> RunAsync(string[] script, TimeSpan limit, params IEnumerable<(string Name, string Value)> variables) =>
        (await PgTools.RunProgramAsync(File(script[0].Split('/')), script[1..], limit, workingDirectory: Root, variables: variables)).Succeeded();
}
