namespace Tigger.Tests.Fixtures;

/// <summary>A directory of its own per fixture, gone with it.</summary>
public sealed class TempDirectory : IDisposable
{
    public TempDirectory(string purpose, ServiceAccount? owner = null)
    {
        Path = Directory.CreateTempSubdirectory($"tigger-{purpose}-").FullName;
        if (owner is not null && LibC.Chown(Path, owner.User, owner.Group) != 0)
            throw new IOException($"cannot give {Path} to user {owner.User}");
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
