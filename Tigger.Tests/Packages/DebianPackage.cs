using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Packages;

/// <summary>The Debian package, built once when the first test asks for it; most runs of the tests never do.</summary>
public sealed class DebianPackage : IDisposable
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(10);

    private readonly TempDirectory _directory = new("deb");
    private readonly Lazy<Task<string>> _file;

    public DebianPackage() => _file = new(BuildAsync);

    public string Directory => _directory.Path;

    /// <summary>The directory the package is unpacked into.</summary>
    public string Root => _directory.File("root");

    public string Program => Path.Combine(Root, "usr", "bin", "tigger");

    /// <summary>The package's file, built and unpacked.</summary>
    public Task<string> FileAsync() => _file.Value;

    public void Dispose() => _directory.Dispose();

    private async Task<string> BuildAsync()
    {
        var built = await Repository.RunAsync(["deploy/debian/build.sh", _directory.Path], BuildLimit);
        var file = built.Output.TrimEnd().Split('\n')[^1];
        (await PgTools.RunProgramAsync("dpkg-deb", ["-x", file, Root])).Succeeded();
        return file;
    }
}
