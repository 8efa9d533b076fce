using System.Text.Json;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>`tigger doctor` as a person meets it, with and without what the kernel path needs.</summary>
public sealed class DoctorTests
{
    private static readonly string[] Measured =
        ["load", "redirect", "push_data", "swallow", "apply_bytes", "inject", "leave", "spin lock", "ring buffer", "credit", "sock_ops", "arrivals",
         "data path", "other sock_ops", "other sk_msg"];

    private static readonly string[] LookedUp =
        ["kernel", "sk_skb fixes", "BTF", "redirected bytes", "libbpf", "capabilities", "unprivileged BPF", "RLIMIT_MEMLOCK", "cgroup v2", "sockets in reach"];

    [RequiresBpfFact]
    public async Task Doctor_WhereEverythingIsThere_PrintsALinePerCheckAndSucceeds()
    {
        var result = await RunAsync(PoolerProgram.Tigger, "doctor");
        Assert.True(result.ExitCode == 0, result.All);
        foreach (var name in LookedUp.Concat(Measured))
            Assert.Matches($@"(?m)^(ok  |warn)  {name} +\S", result.Output);
        Assert.DoesNotMatch("(?m)^fail", result.Output);
        Assert.Contains("The kernel data path can run here", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error.Trim());
    }

    [Fact]
    public async Task Doctor_Always_EndsWithWhatAutoDoesHere()
    {
        var result = await RunAsync(PoolerProgram.Tigger, "doctor");
        Assert.Contains(
            result.ExitCode == 0 ? "data_path: auto uses it" : "data_path: auto relays in user space", result.Output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_AsJson_IsTheSameReport()
    {
        var result = await RunAsync(PoolerProgram.Tigger, "doctor", "--json");
        using var json = JsonDocument.Parse(result.Output);
        var root = json.RootElement;
        Assert.Equal(result.ExitCode == 0, root.GetProperty("usable").GetBoolean());
        Assert.Equal(root.GetProperty("usable").GetBoolean(), root.GetProperty("reasons").GetArrayLength() == 0);
        foreach (var check in root.GetProperty("checks").EnumerateArray())
        {
            Assert.Contains(check.GetProperty("state").GetString(), new[] { "ok", "warn", "fail" });
            Assert.NotEmpty(check.GetProperty("finding").GetString()!);
        }

        Assert.Contains("data_path: auto", root.GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [RequiresBpfFact]
    public async Task Doctor_WithoutCapabilities_SaysWhichAndFails()
    {
        var result = await RunAsync("setpriv", "--bounding-set=-all", "--inh-caps=-all", PoolerProgram.Tigger, "doctor");
        Assert.Equal(1, result.ExitCode);
        Assert.Matches(@"(?m)^fail  capabilities +this process lacks CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON \[remedy: ", result.Output);
        Assert.Contains("cannot run here: capabilities: ", result.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?m)^\S+ +redirect ", result.Output);
    }

    /// <summary>What the report asks for is enough: root is not.</summary>
    [RequiresBpfFact]
    public async Task Doctor_WithNothingButTheCapabilitiesItNames_Succeeds()
    {
        var result = await RunAsync(
            "setpriv", "--bounding-set=-all,+bpf,+net_admin,+perfmon", "--inh-caps=-all", PoolerProgram.Tigger, "doctor");
        Assert.True(result.ExitCode == 0, result.All);
        Assert.Matches("(?m)^ok    capabilities +this process has CAP_NET_ADMIN, CAP_PERFMON, CAP_BPF$", result.Output);
    }

    /// <summary>An empty file over libbpf, in a mount namespace of the child's own.</summary>
    [RequiresBpfFact]
    public async Task Doctor_WithoutLibbpf_SaysHowToGetIt()
    {
        const string Hide = """
            set -e
            for file in /usr/lib/*/libbpf.so.1 /usr/lib*/libbpf.so.1; do
                [ ! -e "$file" ] || mount --bind /dev/null "$(readlink -f "$file")" 2>/dev/null
            done
            exec "$0" doctor
            """;
        var probe = await RunAsync("unshare", "--mount", "true");
        Assert.SkipWhen(probe.ExitCode != 0, "no mount namespaces for this process, to hide BPF's library in");
        var result = await RunAsync("unshare", "--mount", "sh", "-c", Hide, PoolerProgram.Tigger);
        Assert.Equal(1, result.ExitCode);
        Assert.Matches(@"(?m)^fail  libbpf +libbpf\.so\.1 cannot be loaded \[remedy: .*libbpf1\]$", result.Output);
    }

    private static Task<ToolResult> RunAsync(string program, params string[] arguments)
    {
        Assert.SkipWhen(PoolerProgram.IsReference, "the command line is Tigger's own");
        return PgTools.RunProgramAsync(program, arguments);
    }
}
