using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Tigger called as PgBouncer is called: a file of PgBouncer's, its switches, its name.</summary>
public sealed class PgBouncerCommandTests : IAsyncDisposable
{
    private readonly IniPooler _pooler = new();

    public ValueTask DisposeAsync() => _pooler.DisposeAsync();

    private static string Tigger
    {
        get
        {
            Assert.SkipWhen(PoolerProgram.IsReference, "about Tigger alone");
            return PoolerProgram.Tigger;
        }
    }

    private void Write(string more = "") => _pooler.Write("pgbouncer.ini", $"{_pooler.Basics}pidfile = pooler.pid\nlogfile = pooler.log\n{more}\n[databases]\n* =\n[tigger]\ndata_path = user\n");

    private int PidInFile() => int.Parse(File.ReadAllText(_pooler.PidFile), CultureInfo.InvariantCulture);

    private async Task<(int Code, string Error, string Output)> RunAsync(params string[] arguments)
    {
        await using var process = _pooler.Run(Tigger, arguments);
        Assert.True(await process.WaitForExitAsync(TimeSpan.FromSeconds(60)), "does not end\n" + process.Error.Text);
        return (process.ExitCode, process.Error.Text, process.Output.Text);
    }

    [Fact]
    public async Task Link_named_pgbouncer_is_pgbouncer()
    {
        var link = Path.Combine(_pooler.Home, "pgbouncer");
        File.CreateSymbolicLink(link, Tigger);
        var version = (await PgTools.RunProgramAsync(link, ["-V"])).Succeeded().Output;
        Assert.StartsWith("PgBouncer 1.25", version, StringComparison.Ordinal);
        Assert.Contains("-u, --user=USERNAME", (await PgTools.RunProgramAsync(link, ["--help"])).Succeeded().Output, StringComparison.Ordinal);
        var none = await PgTools.RunProgramAsync(link, []);
        Assert.Equal((1, $"{link}: no configuration file specified\nTry \"{link} --help\" for more information."), (none.ExitCode, none.All.Trim()));
        // A name that would be a command of Tigger's is a file here.
        Assert.Contains("run: file", (await PgTools.RunProgramAsync(link, ["run"])).All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreground_serves_and_shows_its_file()
    {
        Write("verbose = 0\n");
        await _pooler.StartAsync(Tigger, "-v");
        Assert.Equal(_pooler.Process.Pid, PidInFile());
        await using var admin = await _pooler.AdminAsync();
        Assert.Equal("pgbouncer.ini", await admin.ConfigAsync("conffile"));
        Assert.Equal("0", await admin.ConfigAsync("verbose"));
        Assert.Contains("process up", File.ReadAllText(_pooler.LogFile), StringComparison.Ordinal);

        _pooler.Process.Send(Signal.Int);
        Assert.True(await _pooler.Process.WaitForExitAsync(Eventually.DefaultDeadline));
        Assert.Equal((0, false), (_pooler.Process.ExitCode, File.Exists(_pooler.PidFile)));
    }

    [Fact]
    public async Task Quiet_says_nothing_and_verbose_counts()
    {
        Write();
        var process = _pooler.Run(Tigger, "-q", "-vv", "pgbouncer.ini");
        await using (process)
        {
            await Eventually.TrueAsync(() => process.HasExited || File.Exists(_pooler.PidFile), "pidfile");
            await using (var admin = await _pooler.AdminAsync())
                Assert.Equal("2", await admin.ConfigAsync("verbose"));
            process.Send(Signal.Quit);
            Assert.True(await process.WaitForExitAsync(Eventually.DefaultDeadline));
            Assert.Equal("", process.Error.Text + process.Output.Text);
        }
    }

    [Fact]
    public async Task Daemon_is_up_when_the_command_returns()
    {
        Write("foo = 1");
        var (code, error, output) = await RunAsync("-d", "pgbouncer.ini");
        Assert.Equal((0, ""), (code, output));
        Assert.Contains("unknown parameter: pgbouncer/foo", error, StringComparison.Ordinal);
        Assert.DoesNotContain("process up", error, StringComparison.Ordinal);
        var pid = PidInFile();
        await using (var admin = await _pooler.AdminAsync())
            Assert.Equal("yes", (await admin.ShowAsync("CONFIG")).Single(row => row["key"] == "logfile")["changeable"]);

        // A session of its own, and nothing of the caller's.
        var stat = File.ReadAllText($"/proc/{pid}/stat").Split(' ');
        Assert.Equal($"{pid}", stat[5]);
        Assert.All(Enumerable.Range(0, 3), descriptor => Assert.Equal("/dev/null", File.ResolveLinkTarget($"/proc/{pid}/fd/{descriptor}", false)!.FullName));

        var (second, why, _) = await RunAsync("-d", "pgbouncer.ini");
        Assert.Equal(1, second);
        Assert.Contains("exists, another instance running?", why, StringComparison.Ordinal);

        _ = LibC.Kill(pid, (int)Signal.Int);
        await Eventually.TrueAsync(() => !File.Exists(_pooler.PidFile), "pidfile removed");
        Assert.Contains("process down", File.ReadAllText(_pooler.LogFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Daemon_that_cannot_start_says_so_to_its_caller()
    {
        Write("max_client_conn = many");
        var (code, error, _) = await RunAsync("-d", "pgbouncer.ini");
        Assert.Equal(1, code);
        Assert.Contains("pgbouncer.ini:9:19: invalid value \"many\" for parameter max_client_conn", error, StringComparison.Ordinal);
        Assert.Contains("cannot load config file", error, StringComparison.Ordinal);

        _pooler.Write("pgbouncer.ini", _pooler.Basics);
        Assert.Contains("daemon needs pidfile configured", (await RunAsync("-d", "pgbouncer.ini")).Error, StringComparison.Ordinal);
        Write("unix_socket_group = no_such_group_here");
        Assert.Contains("could not find group 'no_such_group_here'", (await RunAsync("-d", "pgbouncer.ini")).Error, StringComparison.Ordinal);
        Write("user = no_such_user_here");
        Assert.Contains("could not find user 'no_such_user_here' to switch to", (await RunAsync("-d", "pgbouncer.ini")).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_pooler.PidFile));
    }

    [Fact]
    public async Task Pidfile_of_a_dead_process_is_stale_and_of_a_living_one_is_not()
    {
        Write();
        _pooler.Write("pooler.pid", $"{Environment.ProcessId}\n");
        var (code, error, _) = await RunAsync("pgbouncer.ini");
        Assert.Equal(1, code);
        Assert.Contains($"pidfile '{_pooler.PidFile}' exists, another instance running?", error, StringComparison.Ordinal);
        Assert.Equal($"{Environment.ProcessId}\n", File.ReadAllText(_pooler.PidFile));

        // Beyond the largest number there can be.
        _pooler.Write("pooler.pid", "4194305\n");
        await _pooler.StartAsync(Tigger);
        Assert.Contains("stale pidfile, removing", _pooler.Process.Error.Text, StringComparison.Ordinal);
        Assert.Equal(_pooler.Process.Pid, PidInFile());
    }

    [Fact]
    public async Task Reboot_without_a_process_before_is_a_start()
    {
        Write();
        await _pooler.StartAsync(Tigger, "-R");
        Assert.Contains("Online restart is deprecated, use so_reuseport instead", _pooler.Process.Error.Text, StringComparison.Ordinal);
        Assert.Contains("old process not found, try to continue normally", _pooler.Process.Error.Text, StringComparison.Ordinal);
        await using var admin = await _pooler.AdminAsync();
    }

    [Fact]
    public async Task Reboot_leaves_the_pidfile_to_the_new_process()
    {
        Write();
        await _pooler.StartAsync(Tigger);
        await using var before = _pooler.Process;
        await _pooler.StartAsync(Tigger, "-R");
        Assert.True(await before.WaitForExitAsync(Eventually.DefaultDeadline), before.Error.Text);
        Assert.Equal((0, _pooler.Process.Pid), (before.ExitCode, PidInFile()));
        await using var admin = await _pooler.AdminAsync();
    }

    [Fact]
    public async Task Reload_reads_the_same_file_or_the_one_that_is_set()
    {
        Write();
        await _pooler.StartAsync(Tigger);
        await using var admin = await _pooler.AdminAsync();
        File.Move(_pooler.LogFile, _pooler.LogFile + ".1");
        Write($"default_pool_size = 5\nlisten_backlog = 99");
        await admin.DoAsync("RELOAD");
        Assert.Equal("5", await admin.ConfigAsync("default_pool_size"));
        Assert.Equal("128", await admin.ConfigAsync("listen_backlog"));
        Assert.True(File.Exists(_pooler.LogFile), "the log file is opened again");

        Write("default_pool_size = x");
        Assert.Contains("pgbouncer.ini:9:21", Assert.Single((await admin.RunAsync("RELOAD")).Errors).Field('M')!, StringComparison.Ordinal);
        Assert.Equal("5", await admin.ConfigAsync("default_pool_size"));

        _pooler.Write("other.yaml", "default_pool_size: 6\nunix_socket_dir: .\nauth_type: any\nadmin_users: postgres\n");
        await admin.DoAsync("SET conffile = 'other.yaml'");
        _pooler.Process.Send(Signal.Hup);
        await Eventually.EqualAsync("6", () => admin.ConfigAsync("default_pool_size"), "default_pool_size");
        Assert.Equal($"{_pooler.Port}", await admin.ConfigAsync("listen_port"));
    }

    [Fact]
    public async Task Check_and_convert_read_it()
    {
        Write("# for the fair\nmax_client_conn = 0x40");
        var check = await RunAsync("check", "pgbouncer.ini");
        Assert.Equal((0, "pgbouncer.ini: ok"), (check.Code, check.Output.Trim()));
        var (code, _, yaml) = await RunAsync("convert", "pgbouncer.ini");
        Assert.Equal(0, code);
        Assert.Contains("# for the fair\nmax_client_conn: 64\n", yaml, StringComparison.Ordinal);

        _pooler.Write("tigger.yaml", yaml);
        await _pooler.StartWithAsync(Tigger, "tigger.yaml");
        await using var admin = await _pooler.AdminAsync();
        Assert.Equal("64", await admin.ConfigAsync("max_client_conn"));
        Assert.Equal("user", await admin.ConfigAsync("data_path"));
    }
}
