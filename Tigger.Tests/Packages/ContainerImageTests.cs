using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Packages;

/// <summary>The image, run as its readers are told to.</summary>
[Trait(Packages.Trait, Packages.Yes)]
public sealed class ContainerImageTests(PostgresServer postgres, ContainerImage image, DebianPackage package)
    : PoolerTest(postgres), IClassFixture<ContainerImage>
{
    [Fact(Explicit = true)]
    public async Task Image_WithAConfiguration_PoolsAsAnOrdinaryUserAndIsHealthy()
    {
        var engine = await image.EngineAsync();
        var port = FreePort.Next();
        using var directory = new TempDirectory("image");
        await File.WriteAllTextAsync(directory.File("tigger.yaml"), NewConfig(DataPath.User).Set("listen_port", port).ToYaml());
        // Whoever runs the container reads it, not the one who wrote it.
        File.SetUnixFileMode(directory.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        (await engine.RunAsync(
            ["run", "-d", "--name", "pooler", "--network", "host", "--cap-drop", "ALL", "--read-only", "--security-opt", "no-new-privileges",
             "--health-interval", "1s", "-v", $"{directory.Path}:/etc/tigger:ro", ContainerImage.Name])).Succeeded();

        await Eventually.EqualAsync("healthy", () => InspectAsync(engine, "{{.State.Health.Status}}"), "health of the container");
        Assert.Equal("1", (await PgTools.PsqlAsync(port, Database, Roles.Alice, "SELECT 1")).Succeeded().Output.Trim());
        Assert.Equal("1654", (await engine.RunAsync(["exec", "pooler", "id", "-u"])).Succeeded().Output.Trim());

        (await engine.RunAsync(["stop", "-t", "20", "pooler"])).Succeeded();
        Assert.Equal("0", await InspectAsync(engine, "{{.State.ExitCode}}"));
    }

    [Fact(Explicit = true)]
    public async Task Doctor_InAContainerWithoutCapabilities_NamesThem()
    {
        var engine = await image.EngineAsync();
        var result = await engine.RunAsync(["run", "--rm", ContainerImage.Name, "doctor"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Matches("(?m)^ok +libbpf ", result.Output);
        Assert.Matches("(?m)^fail +capabilities +this process lacks CAP_BPF", result.Output);
    }

    [Fact(Explicit = true)]
    public async Task DebianPackage_OnABareDebian_IsInstalledAndRemoved()
    {
        var engine = await image.EngineAsync();
        var file = await package.FileAsync();
        const string Install =
            """
            set -e
            apt-get update -qq
            apt-get install -y -qq --no-install-recommends "$1" >/dev/null 2>&1
            tigger --version
            stat -c '%U:%G %a' /etc/tigger/userlist.txt
            setpriv --reuid tigger --regid tigger --clear-groups tigger check /etc/tigger/tigger.yaml
            tigger doctor | tail -n 1
            apt-get purge -y -qq tigger >/dev/null 2>&1
            ! command -v tigger
            ! [ -e /etc/tigger ]
            """;
        var result = await engine.RunAsync(
            ["run", "--rm", "--network", "host", "-v", $"{package.Directory}:{package.Directory}:ro", ContainerImage.Debian, "sh", "-c", Install, "sh", file], TimeSpan.FromMinutes(5));
        var lines = result.Succeeded().Output.TrimEnd().Split('\n');
        Assert.Matches(@"^\d+\.\d+\.\d+", lines[0]);
        Assert.Equal(["root:tigger 640", "/etc/tigger/tigger.yaml: ok"], lines[1..3]);
        Assert.StartsWith("The kernel data path cannot run here: libbpf", lines[3], StringComparison.Ordinal);
    }

    private static async Task<string> InspectAsync(DockerEngine engine, string what) =>
        (await engine.RunAsync(["inspect", "-f", what, "pooler"])).Output.Trim();
}
