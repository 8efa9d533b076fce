namespace Tigger.Tests.Fixtures;

/// <summary>Files that people look at after a run; CI keeps the directory.</summary>
public static class Artifacts
{
    private const string Solution = "Tigger.sln";

    public static async Task SaveAsync(string name, byte[] content)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, Solution)))
            directory = directory.Parent;
        var path = Path.Combine(directory?.FullName ?? throw new InvalidOperationException($"{Solution} is not above the tests"), "artifacts", "test", "screens");
        Directory.CreateDirectory(path);
        await File.WriteAllBytesAsync(Path.Combine(path, name), content);
    }
}
