using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>The executable as a person meets it.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TempDirectory _directory = new("cli");

    [Fact]
    public async Task Check_of_a_good_file_succeeds()
    {
        var result = await RunAsync("check", "-c", Write("listen_addr: 127.0.0.1\ndatabases:\n  db: { host: 127.0.0.1 }\n"));
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Check_reports_every_fault_with_its_line()
    {
        var file = Write("""
            listen_addr: 127.0.0.1
            pool_siez: 5
            default_pool_size: many
            pool_mode: eternal
            databases:
              db: { host: 127.0.0.1, prot: 5432 }
            """);
        var result = await RunAsync("check", "-c", file);
        Assert.NotEqual(0, result.ExitCode);
        foreach (var (line, name) in new[] { (2, "pool_siez"), (3, "default_pool_size"), (4, "pool_mode"), (6, "prot") })
            Assert.Matches($@"(?m)\b{line}:\d+.*{name}", result.All);
    }

    [Fact]
    public async Task Check_names_what_this_version_cannot_do()
    {
        var result = await RunAsync("check", "-c", Write("""
            listen_addr: 127.0.0.1
            resolv_conf: /etc/hosts
            databases: { "*": { host: 127.0.0.1 } }
            """));
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"(?m)\b2:\d+: warning: resolv_conf", result.All);
    }

    [Fact]
    public async Task Check_of_a_duplicate_key_or_a_missing_file_fails()
    {
        var duplicate = await RunAsync("check", "-c", Write("listen_port: 6432\nlisten_port: 6433\n"));
        Assert.NotEqual(0, duplicate.ExitCode);
        Assert.Contains("listen_port", duplicate.All, StringComparison.Ordinal);
        var missing = await RunAsync("check", "-c", _directory.File("nowhere.yaml"));
        Assert.NotEqual(0, missing.ExitCode);
        Assert.Contains("nowhere.yaml", missing.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_with_a_bad_file_fails_before_it_listens()
    {
        var result = await RunAsync("run", "-c", Write("pool_siez: 5\n"));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("pool_siez", result.All, StringComparison.Ordinal);
        Assert.DoesNotContain("process up", result.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_the_commands()
    {
        var result = (await RunAsync("--help")).Succeeded();
        foreach (var command in new[] { "run", "check", "version" })
            Assert.Contains(command, result.Output, StringComparison.Ordinal);
        Assert.Contains("-c", (await RunAsync("run", "--help")).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_a_number()
    {
        Assert.Matches(@"\d+\.\d+\.\d+", (await RunAsync("version")).Succeeded().Output);
        Assert.Matches(@"\d+\.\d+\.\d+", (await RunAsync("--version")).Succeeded().Output);
    }

    [Theory]
    [InlineData("--no-such-option")]
    [InlineData("dance")]
    public async Task Unknown_words_are_refused_by_name(string word)
    {
        var result = await RunAsync(word);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(word, result.All, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static Task<ToolResult> RunAsync(params string[] arguments)
    {
        Assert.SkipWhen(PoolerProgram.IsReference, "the command line is Tigger's own");
        return PgTools.RunProgramAsync(PoolerProgram.Tigger, arguments, TimeSpan.FromSeconds(20));
    }

    private string Write(string yaml)
    {
        var file = _directory.File("test.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }
}
