using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>What `data_path` means where the kernel path cannot be.</summary>
public sealed class KernelStartTests(PostgresServer postgres) : KernelTest(postgres)
{
    private static readonly string[] WithoutCapabilities = ["--bounding-set=-all", "--inh-caps=-all"];

    [RequiresBpfFact]
    public async Task Run_KernelWithoutCapabilities_RefusesAndSaysWhy()
    {
        using var home = new TempDirectory("start");
        var file = home.File("tigger.yaml");
        await File.WriteAllTextAsync(file, NewConfig(DataPath.Kernel).Set("listen_port", FreePort.Next()).ToYaml(), TestContext.Current.CancellationToken);
        var result = await PgTools.RunProgramAsync(
            "setpriv", [.. WithoutCapabilities, PoolerProgram.Tigger, "run", "-c", file], TimeSpan.FromSeconds(20));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("data_path", result.All, StringComparison.Ordinal);
        Assert.Contains("CAP_BPF", result.All, StringComparison.Ordinal);
    }

    [RequiresBpfFact]
    public async Task Run_AutoWithoutCapabilities_RelaysInUserSpace()
    {
        using var home = new TempDirectory("start");
        var file = home.File("tigger.yaml");
        var port = FreePort.Next();
        await File.WriteAllTextAsync(
            file, NewConfig(DataPath.Kernel).Set("data_path", "auto").Set("listen_port", port).ToYaml(), TestContext.Current.CancellationToken);
        var tigger = Own(ChildProcess.Start("setpriv", [.. WithoutCapabilities, PoolerProgram.Tigger, "run", "-c", file]));
        await Eventually.TrueAsync(() => tigger.HasExited || tigger.Error.Contains("process up"), "Tigger starts");
        Assert.False(tigger.HasExited, tigger.Error.Text);
        await using var client = await RawClient.ConnectTcpAsync(Topology.Loopback, port);
        await client.LoginAsync(Roles.Superuser, Database);
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }
}
