using System.Net.Sockets;
using System.Text;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>The service manager's protocols: notifications to a socket of ours, and listening sockets passed as it passes them.</summary>
public sealed class SystemdTests(PostgresServer postgres) : PoolerTest(postgres)
{
    // Makes TCP and Unix sockets listen as descriptors 3 and 4, as systemd would; exec keeps the process id.
    private const string Activate =
        """
        use Socket; use POSIX ();
        $^F = 100;
        my ($port, $path, @command) = @ARGV;
        socket(my $tcp, PF_INET, SOCK_STREAM, 0) or die; setsockopt($tcp, SOL_SOCKET, SO_REUSEADDR, 1);
        bind($tcp, sockaddr_in($port, INADDR_LOOPBACK)) or die "bind: $!"; listen($tcp, 16) or die;
        socket(my $unix, PF_UNIX, SOCK_STREAM, 0) or die; bind($unix, sockaddr_un($path)) or die; listen($unix, 16) or die;
        POSIX::dup2(fileno($tcp), 50); POSIX::dup2(fileno($unix), 51);
        close($tcp); close($unix);
        POSIX::dup2(50, 3); POSIX::dup2(51, 4); POSIX::close(50); POSIX::close(51);
        $ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDS} = 2; $ENV{LISTEN_FDNAMES} = 'tcp:unix';
        exec @command;
        """;

    [Theory]
    [EachLocalDataPath]
    public async Task Manager_is_told_of_start_reload_life_and_stop(DataPath path)
    {
        using var directory = new TempDirectory("notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        manager.Bind(new UnixDomainSocketEndPoint(directory.File("socket")));
        await using var pooler = await StartProcessAsync(NewConfig(path), directory, "env", [], new()
        {
            ["NOTIFY_SOCKET"] = directory.File("socket"),
            ["WATCHDOG_USEC"] = "200000",
        });
        Assert.Equal($"READY=1\nMAINPID={pooler.Pid}", await NextAsync(manager));
        Assert.Equal("WATCHDOG=1", await NextAsync(manager, passedOver: ""));

        pooler.Send(Signal.Hup);
        Assert.Matches(@"^RELOADING=1\nMONOTONIC_USEC=\d+$", await NextAsync(manager));
        Assert.Equal($"READY=1\nMAINPID={pooler.Pid}", await NextAsync(manager));
        pooler.Send(Signal.Int);
        Assert.Equal("STOPPING=1", await NextAsync(manager));
        Assert.True(await pooler.WaitForExitAsync(Eventually.DefaultDeadline), pooler.Error.Text);
        Assert.Equal(0, pooler.ExitCode);
    }

    /// <summary>Only the main process is listened to, so it is the one that ends which says who follows, and nothing afterwards.</summary>
    [Fact]
    public async Task Manager_is_told_who_follows()
    {
        using var directory = new TempDirectory("notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        manager.Bind(new UnixDomainSocketEndPoint(directory.File("socket")));
        var config = NewConfig(DataPath.User).Set("unix_socket_dir", directory.Path);
        await using var before = await StartProcessAsync(config, directory, "env", [], new() { ["NOTIFY_SOCKET"] = directory.File("socket") });
        Assert.Equal($"READY=1\nMAINPID={before.Pid}", await NextAsync(manager));
        await using var after = ChildProcess.Start(PoolerProgram.Tigger, ["-R", directory.File("tigger.yaml")]);
        Assert.Equal($"MAINPID={after.Pid}", await NextAsync(manager));
        Assert.True(await before.WaitForExitAsync(Eventually.DefaultDeadline), before.Error.Text);
        Assert.Equal(0, before.ExitCode);
        Assert.Equal(0, manager.Available);
        after.Send(Signal.Quit);
        Assert.True(await after.WaitForExitAsync(Eventually.DefaultDeadline), after.Error.Text);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Sockets_of_the_manager_are_served_and_outlive_the_process(DataPath path)
    {
        using var directory = new TempDirectory("notify");
        var port = FreePort.Next();
        var socket = directory.File(".s.PGSQL.6432");
        var config = NewConfig(path).Set("listen_addr", "127.0.0.1").Set("listen_port", FreePort.Next());
        await using var pooler = await StartProcessAsync(config, directory, "perl", ["-e", Activate, $"{port}", socket], []);
        Assert.True(pooler.Error.Contains("sockets passed from service manager, listen_addr ignored"), pooler.Error.Text);
        await using var tcp = await RawClient.ConnectTcpAsync("127.0.0.1", port);
        await tcp.LoginAsync(Roles.Superuser, Database);
        Assert.Equal("1", await tcp.ScalarAsync("SELECT 1"));
        await using var unix = await RawClient.ConnectUnixAsync(socket);
        await unix.LoginAsync(Roles.Superuser, Database);
        Assert.Equal("1", await unix.ScalarAsync("SELECT 1"));

        pooler.Send(Signal.Quit);
        Assert.True(await pooler.WaitForExitAsync(Eventually.DefaultDeadline), pooler.Error.Text);
        Assert.True(File.Exists(socket), "the manager's socket file is gone");
    }

    private static async Task<ChildProcess> StartProcessAsync(
        TiggerConfigBuilder config, TempDirectory directory, string program, string[] arguments, Dictionary<string, string> environment)
    {
        var file = directory.File("tigger.yaml");
        if (!config.ToYaml().Contains("listen_port", StringComparison.Ordinal))
            config.Set("listen_port", FreePort.Next());
        await File.WriteAllTextAsync(file, config.ToYaml());
        var process = ChildProcess.Start(program, [.. arguments, PoolerProgram.Tigger, "run", "-c", file], environment: environment);
        await process.Error.WaitForAsync("process up");
        return process;
    }

    /// <summary>The next notification, passing over those that only say it is alive unless told otherwise.</summary>
    private static Task<string> NextAsync(Socket manager, string passedOver = "WATCHDOG=1") => Task.Run(() =>
    {
        var buffer = new byte[1024];
        string text;
        do
            text = Encoding.UTF8.GetString(buffer, 0, manager.Receive(buffer));
        while (text == passedOver);
        return text;
    });
}
