using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Packages;

/// <summary>
/// A Docker engine of the tests' own, with nothing of the machine's network touched: containers use the host's. Gone with all its
/// images on disposal.
/// </summary>
internal sealed class DockerEngine : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly TempDirectory _directory = new("docker");
    private ChildProcess? _daemon;

    public string Directory => _directory.Path;

    public (string Name, string Value) Host => ("DOCKER_HOST", $"unix://{_directory.File("socket")}");

    public static async Task<DockerEngine> StartAsync()
    {
        var engine = new DockerEngine();
        engine._daemon = ChildProcess.Start(
            "dockerd",
            [
                "--iptables=false", "--bridge=none", "--data-root", engine._directory.File("data"), "--exec-root", engine._directory.File("exec"),
                "--pidfile", engine._directory.File("pid"), "-H", engine.Host.Value,
            ],
            deathSignal: "TERM");
        await Eventually.TrueAsync(
            async () => engine._daemon.HasExited || (await engine.RunAsync(["info"])).ExitCode == 0, "the Docker engine answers", StartLimit);
        Assert.False(engine._daemon.HasExited, $"no Docker engine can be started here\n{engine._daemon.Error.Text}");
        return engine;
    }

    /// <summary>Runs <c>docker</c> to the end.</summary>
    public Task<ToolResult> RunAsync(IEnumerable<string> arguments, TimeSpan? limit = null) =>
        // BuildKit is a package of its own in Debian; the Dockerfile does without.
        PgTools.RunProgramAsync("docker", arguments, limit, variables: [Host, ("DOCKER_BUILDKIT", "0")]);

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            var containers = (await RunAsync(["ps", "-aq"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (containers.Length > 0)
                await RunAsync(["rm", "-f", .. containers]);
            // Told so, it stops its containerd and unmounts its layers.
            _daemon.Send(Signal.Term);
            await _daemon.WaitForExitAsync(TimeSpan.FromSeconds(30));
            await _daemon.DisposeAsync();
            // The network namespace of containers without one of their own it leaves mounted.
            await PgTools.RunProgramAsync("umount", [_directory.File("exec/netns/default")]);
        }

        _directory.Dispose();
    }
}
