namespace Tigger.Tests.Packages;

/// <summary>The image of the Dockerfile, built once when the first test asks for it, on base images made from Debian's packages.</summary>
public sealed class ContainerImage : IAsyncDisposable
{
    public const string Name = "tigger:test";

    /// <summary>Debian with nothing of Tigger.</summary>
    public const string Debian = "tigger-test/debian";

    private const string Sdk = "tigger-test/sdk";

    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(10);

    private readonly Lazy<Task<DockerEngine>> _engine = new(PrepareAsync);

    /// <summary>The engine that has the image.</summary>
    internal Task<DockerEngine> EngineAsync() => _engine.Value;

    public async ValueTask DisposeAsync()
    {
        if (_engine.IsValueCreated && _engine.Value.IsCompletedSuccessfully)
            await (await _engine.Value).DisposeAsync();
    }

    private static async Task<DockerEngine> PrepareAsync()
    {
        var engine = await DockerEngine.StartAsync();
        try
        {
            await Repository.RunAsync(["Tigger.Tests/Packages/base-images.sh", engine.Directory, Sdk, Debian], BuildLimit, engine.Host);
            var build = await engine.RunAsync(
                ["build", "--network", "host", "--build-arg", $"SDK_IMAGE={Sdk}", "--build-arg", $"RUNTIME_IMAGE={Debian}", "-t", Name, Repository.Root], BuildLimit);
            build.Succeeded();
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }
}
