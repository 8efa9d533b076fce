using System.Globalization;
using Tigger.Privileges;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Which privileges the kernel path needs to start, and that none of them is left when clients are served.</summary>
public sealed class PrivilegeTests(PostgresServer postgres) : KernelTest(postgres)
{
    private const string Needed = "+bpf,+net_admin,+perfmon";

    /// <summary>By the tests' own user, which is root as a rule.</summary>
    [RequiresBpfFact]
    public async Task Run_WithEveryCapability_GivesUpThoseOfBpfInEveryThread()
    {
        var pooler = await StartKernelAsync(poolSize: 2);
        await AssertInKernelAsync(await pooler.AdminAsync(), await pooler.ClientAsync());
        AssertGivenUp(pooler.Pid);
    }

    [RequiresBpfFact]
    public async Task Run_OnTheUserPath_GivesThemUpToo()
    {
        var pooler = await StartAsync(DataPath.User);
        await using var client = await pooler.ClientAsync();
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
        Assert.Contains("user data path (data_path = user)", pooler.Log.Text, StringComparison.Ordinal);
        AssertGivenUp(pooler.Pid);
    }

    [RequiresBpfFact]
    public async Task Run_OrdinaryUserWithThreeCapabilities_IsOnTheKernelPath()
    {
        var (tigger, port, _) = await StartAsAsync(Needed, "kernel");
        Assert.True(tigger.Error.Contains("process up"), tigger.Error.Text + tigger.Output.Text);
        Assert.Contains("kernel data path (data_path = kernel)", tigger.Error.Text, StringComparison.Ordinal);
        AssertGivenUp(tigger.Pid);
        await AssertInKernelAsync(new(await LoginAsync(port, AdminConsole.Database)), await LoginAsync(port, Database));
        AssertGivenUp(tigger.Pid);
    }

    [RequiresBpfFact]
    public async Task Run_OrdinaryUserWithNoneAndAuto_SaysWhyAndRelays()
    {
        var (tigger, port, _) = await StartAsAsync("", "auto");
        Assert.Contains("user data path (this process lacks CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON)", tigger.Error.Text, StringComparison.Ordinal);
        await using var client = await LoginAsync(port, Database);
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    [RequiresBpfTheory]
    [InlineData("", "CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON")]
    [InlineData("+bpf,+perfmon", "CAP_NET_ADMIN")]
    public async Task Run_OrdinaryUserWithTooFewAndKernel_NamesThemAndEnds(string capabilities, string missing)
    {
        var (tigger, _, _) = await StartAsAsync(capabilities, "kernel");
        Assert.True(await tigger.WaitForExitAsync(Eventually.DefaultDeadline));
        Assert.Equal(1, tigger.ExitCode);
        Assert.Contains($"data_path = kernel, but it cannot be had: this process lacks {missing};", tigger.Error.Text, StringComparison.Ordinal);
    }

    /// <summary>What the runtime left in the temporary directory before it began anew is not there twice, and not for ever.</summary>
    [RequiresBpfFact]
    public async Task Run_ThatHasEnded_LeavesNoFilesOfTheRuntime()
    {
        var (tigger, _, temporary) = await StartAsAsync(Needed, "kernel");
        Assert.False(tigger.HasExited, tigger.Error.Text);
        tigger.Send(Signal.Term);
        Assert.True(await tigger.WaitForExitAsync(Eventually.DefaultDeadline));
        Assert.Equal(0, tigger.ExitCode);
        Assert.Empty(Directory.EnumerateFiles(temporary, "*-*-*"));
    }

    private static async Task AssertInKernelAsync(AdminConsole console, RawClient client)
    {
        await using (console)
        await using (client)
        {
            Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
            var before = await console.CountersAsync();
            Assert.Equal("3", (await client.QueryAsync("BEGIN; SELECT 3; COMMIT")).Scalar);
            Assert.Equal("2", await client.ScalarAsync("SELECT 2"));
            var grown = await KernelCounters.SinceAsync(console, before);
            Assert.True(grown["link"] >= 2 && grown["release"] >= 2, $"{grown}");
        }
    }

    private static void AssertGivenUp(int pid)
    {
        var threads = Directory.EnumerateDirectories($"/proc/{pid}/task").ToList();
        Assert.NotEmpty(threads);
        foreach (var thread in threads)
        {
            var status = File.ReadAllText(Path.Combine(thread, "status"));
            var has = ThreadCapabilities.Parse(status);
            Assert.Equal(0ul, (has.Effective | has.Permitted | has.Inheritable | has.Ambient) & ~ThreadCapabilities.Kept);
            Assert.Matches(@"(?m)^NoNewPrivs:\s*1$", status);
        }
    }

    private static async Task<RawClient> LoginAsync(int port, string database)
    {
        var client = await RawClient.ConnectTcpAsync(Topology.Loopback, port);
        await client.LoginAsync(Roles.Superuser, database);
        return client;
    }

    /// <summary>Starts as a user that is not root, and waits until it is up or has ended.</summary>
    private async Task<(ChildProcess Tigger, int Port, string Temporary)> StartAsAsync(string capabilities, string dataPath)
    {
        var account = ServiceAccount.Unprivileged;
        TempDirectory home = new("priv", account), temporary = new("privtmp", account);
        Own(new Removal(home, temporary));
        var port = FreePort.Next();
        var file = home.File("tigger.yaml");
        await File.WriteAllTextAsync(
            file, NewConfig(DataPath.Kernel).Set("data_path", dataPath).Set("listen_port", port).ToYaml(), TestContext.Current.CancellationToken);
        var start = Arguments(account, capabilities);

        // A checkout or a runtime in somebody's home directory: reading it is not what is tested here.
        var probe = await PgTools.RunProgramAsync("setpriv", [.. start, PoolerProgram.Tigger, "version"]);
        if (probe.ExitCode != 0)
            start = Arguments(account, capabilities.Length == 0 ? "+dac_read_search" : capabilities + ",+dac_read_search");
        var tigger = Own(ChildProcess.Start(
            "setpriv", [.. start, PoolerProgram.Tigger, "run", "-c", file], environment: new Dictionary<string, string> { ["TMPDIR"] = temporary.Path }));
        await Eventually.TrueAsync(() => tigger.HasExited || tigger.Error.Contains("process up"), "Tigger starts or ends", TimeSpan.FromSeconds(30));
        return (tigger, port, temporary.Path);
    }

    private static string[] Arguments(ServiceAccount? account, string capabilities)
    {
        var set = capabilities.Length == 0 ? "-all" : "-all," + capabilities;
        string[] user = account is null
            ? []
            : [string.Create(CultureInfo.InvariantCulture, $"--reuid={account.User}"), string.Create(CultureInfo.InvariantCulture, $"--regid={account.Group}"), "--clear-groups"];
        return [.. user, $"--inh-caps={set}", $"--ambient-caps={set}", $"--bounding-set={set}"];
    }

    private sealed class Removal(params TempDirectory[] directories) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            foreach (var directory in directories)
                directory.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
