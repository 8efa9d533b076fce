using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tigger.Demo;

/// <summary>A PostgreSQL of its own in a temporary directory: initdb, start on a free loopback port, stop and delete.</summary>
public sealed class DemoPostgres : IDisposable
{
    public const int MaxClientConn = 1000;

    private readonly string _binaries;
    private readonly int _port;
    private bool _running;

    private DemoPostgres(string binaries)
    {
        _binaries = binaries;
        _port = FreePort();
        Directory = System.IO.Directory.CreateTempSubdirectory("tigger-demo-").FullName;
    }

    public string Directory { get; }

    public string Version { get; private set; } = "";

    private string Data => Path.Combine(Directory, "data");

    /// <exception cref="DemoException">PostgreSQL is not installed, or does not start.</exception>
    public static DemoPostgres Start()
    {
        DemoPostgres postgres = new(FindBinaries());
        try
        {
            postgres.Initialize();
            return postgres;
        }
        catch
        {
            postgres.Dispose();
            throw;
        }
    }

    /// <summary>A configuration for Tigger in front of this server; returns its path.</summary>
    public string WriteConfig(int port)
    {
        string path = Path.Combine(Directory, "tigger.yaml");
        File.WriteAllText(path, $$"""
            listen_addr: 127.0.0.1
            listen_port: {{port}}
            unix_socket_dir: ""
            pool_mode: transaction
            default_pool_size: 10
            max_client_conn: {{MaxClientConn}}
            auth_type: trust
            admin_users: postgres
            ignore_startup_parameters: extra_float_digits
            users:
              postgres: {}
            databases:
              "*": { host: 127.0.0.1, port: {{_port}} }
            """);
        return path;
    }

    public void Dispose()
    {
        if (_running)
        {
            _running = false;
            RunAsServer("pg_ctl", ["-D", Data, "-m", "immediate", "-w", "stop"]);
        }

        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private void Initialize()
    {
        if (ServerUser is { } user)
        {
            // initdb refuses to run as root; the directory belongs to the user it runs as.
            Run("chown", [user, Directory]);
        }

        RunAsServer("initdb", ["-D", Data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]);
        RunAsServer("pg_ctl",
        [
            "-D", Data, "-w", "-l", Path.Combine(Directory, "postgres.log"),
            "-o", $"-c listen_addresses=127.0.0.1 -c port={_port} -c unix_socket_directories= -c fsync=off", "start",
        ]);
        _running = true;
        Version = RunAsServer("postgres", ["--version"]).Split(' ').ElementAtOrDefault(2)?.Trim() ?? "";
    }

    private static string? ServerUser => Environment.IsPrivilegedProcess ? "postgres" : null;

    private string RunAsServer(string program, string[] arguments)
    {
        string path = Path.Combine(_binaries, program);
        return ServerUser is { } user
            ? Run("setpriv", ["--reuid", user, "--regid", user, "--clear-groups", path, .. arguments])
            : Run(path, arguments);
    }

    private static string Run(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        using Process process = Process.Start(start) ?? throw new DemoException($"{program} cannot be started");

        // A server started in the background keeps these pipes; only its starter is waited for.
        Task<string> output = program.EndsWith("pg_ctl", StringComparison.Ordinal) || arguments.Any(argument => argument.EndsWith("/pg_ctl", StringComparison.Ordinal))
            ? Task.FromResult("")
            : process.StandardOutput.ReadToEndAsync();
        process.WaitForExit(TimeSpan.FromMinutes(1));
        return process.HasExited && process.ExitCode == 0
            ? output.GetAwaiter().GetResult()
            : throw new DemoException($"{Path.GetFileName(program)} {arguments.FirstOrDefault()} failed");
    }

    private static string FindBinaries()
    {
        IEnumerable<string> installed = System.IO.Directory.Exists("/usr/lib/postgresql")
            ? System.IO.Directory.EnumerateDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))
            : [];
        IEnumerable<string> onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return installed.Concat(onPath).FirstOrDefault(directory => File.Exists(Path.Combine(directory, "initdb")))
            ?? throw new DemoException("PostgreSQL's initdb is not installed; on Debian: apt-get install postgresql");
    }

    private static int FreePort()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
