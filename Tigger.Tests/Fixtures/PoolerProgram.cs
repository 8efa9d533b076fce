namespace Tigger.Tests.Fixtures;

/// <summary>
/// Which executable the tests drive: Tigger, or the PgBouncer named by TIGGER_TEST_REFERENCE, which shows whether a test
/// asks for PgBouncer's behaviour or for something we made up.
/// </summary>
public static class PoolerProgram
{
    private const string Solution = "Tigger.sln";

    public static string? Reference { get; } = Environment.GetEnvironmentVariable("TIGGER_TEST_REFERENCE") is { Length: > 0 } path ? path : null;

    public static bool IsReference => Reference is not null;

    public static string Tigger { get; } = FindTigger();

    private static string FindTigger()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        // bin/<configuration>/<framework>: take the proxy built the way the tests were.
        var output = Path.Combine(directory.Parent!.Name, directory.Name);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, Solution)))
            directory = directory.Parent;
        return Path.Combine(
            directory?.FullName ?? throw new InvalidOperationException($"{Solution} is not above the tests"),
            "Tigger.Proxy", "bin", output, "tigger");
    }
}
