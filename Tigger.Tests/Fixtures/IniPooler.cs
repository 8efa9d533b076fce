using System.Globalization;

namespace Tigger.Tests.Fixtures;

/// <summary>A pooler that is started as PgBouncer is, with a pgbouncer.ini: Tigger, or Debian's PgBouncer to compare with.</summary>
public sealed class IniPooler : IAsyncDisposable
{
    public const string PgBouncer = "/usr/sbin/pgbouncer";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly TempDirectory _directory = new("ini", ServiceAccount.Unprivileged);
    private ChildProcess? _process;

    public int Port { get; } = FreePort.Next();

    public string Home => _directory.Path;

    public string ConfigFile => _directory.File("pgbouncer.ini");

    public string PidFile => _directory.File("pooler.pid");

    public string LogFile => _directory.File("pooler.log");

    public ChildProcess Process => _process ?? throw new InvalidOperationException("not started");

    /// <summary>Settings of [pgbouncer] that every file here needs; a test adds its own below, and other sections.</summary>
    public string Basics => $"""
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {Port}
        unix_socket_dir = {Home}
        auth_type = any
        admin_users = postgres

        """;

    public void Write(string name, string text) => File.WriteAllText(_directory.File(name), text);

    /// <summary>Runs the program in the directory of its file, without waiting for anything.</summary>
    public ChildProcess Run(string program, params IEnumerable<string> arguments) =>
        ChildProcess.Start(program, arguments, workingDirectory: Home);

    /// <summary>Starts the program in the foreground and waits until it is up.</summary>
    public Task StartAsync(string program, params string[] options) => StartWithAsync(program, [.. options, "pgbouncer.ini"]);

    /// <summary>The same with any arguments.</summary>
    public async Task StartWithAsync(string program, params string[] arguments)
    {
        _process = Run(program, arguments);
        await Eventually.TrueAsync(() => _process.HasExited || _process.Error.Contains("process up"), "log line with \"process up\"", StartLimit);
        Assert.False(_process.HasExited, _process.Error.Text);
    }

    public async Task<RawClient> ClientAsync(string user, string database, string? password = null, params (string Name, string Value)[] parameters)
    {
        var client = await RawClient.ConnectTcpAsync("127.0.0.1", Port);
        try
        {
            await client.LoginAsync(user, database, password, parameters);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public async Task<AdminConsole> AdminAsync(string? password = null) =>
        new(await ClientAsync(Roles.Superuser, AdminConsole.Database, password));

    public async ValueTask DisposeAsync()
    {
        // A daemon is nobody's child.
        if (File.Exists(PidFile) && int.TryParse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture, out var daemon))
            _ = LibC.Kill(daemon, (int)Signal.Kill);
        if (_process is not null)
            await _process.DisposeAsync();
        _directory.Dispose();
    }
}
