using Npgsql;

namespace Tigger.Tests.Fixtures;

/// <summary>A throw-away PostgreSQL: initdb in a temporary directory, known roles, gone on disposal.</summary>
public sealed partial class PostgresServer : IAsyncLifetime
{
    private const string Hba = $"""
        local all all trust
        host all {Roles.Superuser} all trust
        host all {Roles.Md5} all md5
        host all {Roles.Scram} all scram-sha-256
        host all {Roles.Plain} all password
        host all all all trust
        """;

    private readonly TempDirectory _directory = new("pg", ServiceAccount.Unprivileged);
    private ChildProcess? _postmaster;
    private int _databases;

    public static string Host => "127.0.0.1";

    public int Port { get; } = FreePort.Next();

    public string SocketDirectory => _directory.Path;

    private string DataDirectory => _directory.File("data");

    private string LogFile => _directory.File("postgres.log");

    /// <summary>A server of the caller's own, for tests that stop or break it.</summary>
    public static async Task<PostgresServer> StartPrivateAsync()
    {
        var server = new PostgresServer();
        try
        {
            await server.InitializeAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask InitializeAsync()
    {
        string[] arguments = ["-D", DataDirectory, "-U", Roles.Superuser, "-A", "trust", "-N", "--locale=C", "-E", "UTF8"];
        await using (var initdb = ChildProcess.Start(PostgresBinaries.Of("initdb"), arguments, ServiceAccount.Unprivileged))
        {
            Assert.True(await initdb.WaitForExitAsync(TimeSpan.FromSeconds(60)), "initdb hangs");
            Assert.True(initdb.ExitCode == 0, initdb.Error.Text);
        }

        await File.WriteAllTextAsync(Path.Combine(DataDirectory, "pg_hba.conf"), Hba + "\n");
        await StartAsync();
        await CreateRolesAsync();
        for (var i = 0; i < 4; i++)
            await ExecuteAsync($"CREATE DATABASE p{i}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_postmaster is { HasExited: false })
            await StopAsync(Signal.Quit);
        if (_postmaster is not null)
            await _postmaster.DisposeAsync();
        _directory.Dispose();
    }

    public string ConnectionString(string database = "postgres", string user = Roles.Superuser, string? password = null) =>
        $"Host={Host};Port={Port};Database={database};Username={user};Password={password};" +
        $"Application Name={Observer};Pooling=false;Timeout=20;Command Timeout=60";

    public async Task<NpgsqlConnection> ConnectAsync(string database = "postgres", string user = Roles.Superuser, string? password = null)
    {
        var connection = new NpgsqlConnection(ConnectionString(database, user, password));
        await connection.OpenAsync();
        return connection;
    }

    public async Task<RawClient> ConnectRawAsync(string database = "postgres", string user = Roles.Superuser, string? password = null)
    {
        var client = await RawClient.ConnectTcpAsync(Host, Port);
        await client.LoginAsync(user, database, password);
        return client;
    }

    public async Task ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = await ConnectAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, string database = "postgres")
    {
        await using var connection = await ConnectAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A database for one test, so that tests running side by side never count each other's servers.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"t{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0");
        return name;
    }

    public Task DropDatabaseAsync(string name) => ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    public string ReadLog() => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private async Task CreateRolesAsync()
    {
        await ExecuteAsync(
            $"""
            SET password_encryption = 'md5';
            CREATE ROLE {Roles.Md5} LOGIN PASSWORD '{Roles.PasswordOf(Roles.Md5)}';
            SET password_encryption = 'scram-sha-256';
            CREATE ROLE {Roles.Scram} LOGIN PASSWORD '{Roles.PasswordOf(Roles.Scram)}';
            CREATE ROLE {Roles.Plain} LOGIN PASSWORD '{Roles.PasswordOf(Roles.Plain)}';
            CREATE ROLE {Roles.Trust} LOGIN;
            CREATE ROLE {Roles.Alice} LOGIN SUPERUSER;
            CREATE ROLE {Roles.Bob} LOGIN SUPERUSER
            """);
    }
}
