using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Packages;

/// <summary>The package as dpkg unpacks it: every part is used the way its reader uses it.</summary>
[Trait(Packages.Trait, Packages.Yes)]
public sealed class DebianPackageTests(DebianPackage package)
{
    /// <summary>systemd's own measure of what a service could do to the machine, 0 to 10; below 5 is its "OK".</summary>
    private const string ExposureTimesTen = "30";

    [Fact(Explicit = true)]
    public async Task Program_WithoutAnyDotnetOnTheMachine_Runs()
    {
        await package.FileAsync();
        // An empty environment but for a place without a runtime: what it needs is beside it.
        var version = await RunAsync("env", "-i", "DOTNET_ROOT=/nonexistent", package.Program, "--version");
        Assert.Matches(@"^\d+\.\d+\.\d+", version.Succeeded().Output);
        var doctor = await RunAsync("env", "-i", "DOTNET_ROOT=/nonexistent", package.Program, "doctor");
        Assert.Matches(@"(?m)^ok +libbpf ", doctor.Output);
        Assert.Contains("data_path: auto", doctor.Output, StringComparison.Ordinal);
        var pgbouncer = await RunAsync(Path.Combine(package.Root, "usr/lib/tigger/pgbouncer"), "-V");
        Assert.StartsWith("PgBouncer ", pgbouncer.Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public async Task Configuration_OfThePackage_IsSound()
    {
        await package.FileAsync();
        var result = await RunAsync(package.Program, "check", Path.Combine(package.Root, "etc/tigger/tigger.yaml"));
        Assert.Equal("", result.Succeeded().Error.Trim());
    }

    [Fact(Explicit = true)]
    public async Task Units_OfThePackage_AreSoundAndConfined()
    {
        await package.FileAsync();
        foreach (var unit in new[] { "tigger.service", "tigger.socket" })
        {
            var result = await RunAsync("systemd-analyze", "verify", $"--root={package.Root}", unit);
            // What the rest of a system has is not in this root; what is said of a line or of our program counts.
            Assert.DoesNotMatch(@"(?m)^\S*/tigger\.(service|socket):\d+:|/usr/bin/tigger is not executable", result.Error);
        }

        var exposure = await RunAsync(
            "systemd-analyze", "security", "--offline=true", $"--threshold={ExposureTimesTen}", $"--root={package.Root}", "tigger.service");
        Assert.True(exposure.ExitCode == 0, exposure.All);
    }

    [Fact(Explicit = true)]
    public async Task ManualPages_AreReadWithoutAWarning()
    {
        await package.FileAsync();
        foreach (var (page, word) in new[] { ("man1/tigger.1.gz", "doctor"), ("man5/tigger.yaml.5.gz", "server_idle_timeout") })
        {
            var result = await RunAsync("man", "--warnings", "-l", Path.Combine(package.Root, "usr/share/man", page));
            Assert.Equal("", result.Succeeded().Error.Trim());
            Assert.Contains(word, result.Output, StringComparison.Ordinal);
        }
    }

    [Theory(Explicit = true)]
    [InlineData("tigger do", "doctor")]
    [InlineData("tigger run --con", "--config")]
    public async Task Completion_InBash_KnowsCommandsAndOptions(string line, string expected)
    {
        await package.FileAsync();
        const string Ask =
            """
            source "$1"
            COMP_LINE=$2 COMP_POINT=${#2}
            read -ra COMP_WORDS <<<"$2"
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _tigger
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        var result = await PgTools.RunProgramAsync(
            "bash",
            ["-c", Ask, "bash", Path.Combine(package.Root, "usr/share/bash-completion/completions/tigger"), line],
            variables: ("PATH", $"{Path.GetDirectoryName(package.Program)}:{Environment.GetEnvironmentVariable("PATH")}"));
        Assert.Equal(expected, result.Succeeded().Output.Trim());
    }

    [Fact(Explicit = true)]
    public async Task Completion_InZsh_IsSound()
    {
        await package.FileAsync();
        (await RunAsync("zsh", "-n", Path.Combine(package.Root, "usr/share/zsh/vendor-completions/_tigger"))).Succeeded();
    }

    private static Task<ToolResult> RunAsync(string program, params string[] arguments) => PgTools.RunProgramAsync(program, arguments);
}
