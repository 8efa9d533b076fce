namespace Tigger.Tests.Fixtures;

/// <summary>Finds PostgreSQL's programs: the newest Debian version directory, else what is on the PATH.</summary>
internal static class PostgresBinaries
{
    private const string DebianRoot = "/usr/lib/postgresql";

    private static readonly string Directory = FindDirectory();

    internal static string Of(string program) => Path.Combine(Directory, program);

    private static string FindDirectory()
    {
        var versions = System.IO.Directory.Exists(DebianRoot) ? System.IO.Directory.GetDirectories(DebianRoot) : [];
        var candidates = versions
            .OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var major) ? major : 0)
            .Select(path => Path.Combine(path, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'));
        return candidates.FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")))
            ?? throw new InvalidOperationException("no initdb found: install postgresql");
    }
}
