namespace Tigger.Benchmarks;

/// <summary>Where the sources are: the built program lies somewhere below them.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static async Task<string> CommitAsync()
    {
        try
        {
            return await Tool.FirstLineAsync("git", "-C", Root, "describe", "--always", "--dirty", "--abbrev=12");
        }
        catch (Exception e) when (e is BenchmarkException or System.ComponentModel.Win32Exception)
        {
            return "unknown"; // no git, or an exported tree
        }
    }

    private static string Find()
    {
        for (DirectoryInfo? d = new(AppContext.BaseDirectory); d is not null; d = d.Parent)
        {
            if (File.Exists(Path.Combine(d.FullName, "Tigger.sln")))
                return d.FullName;
        }

        return Directory.GetCurrentDirectory();
    }
}
