using System.CommandLine;
using Npgsql;
using Tigger.Config;

namespace Tigger.Top;

/// <summary>Where a console is and who asks, from the command line and the variables that libpq's programs read.</summary>
internal sealed class AdminAddress
{
    private const int DefaultPort = 6432;

    private readonly Option<string> _host = new("--host", "-H")
    {
        Description = "Host, or directory of the unix socket (PGHOST)",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("PGHOST") ?? "127.0.0.1",
    };

    private readonly Option<int> _port = new("--port", "-p")
    {
        Description = "Port (PGPORT)",
        DefaultValueFactory = _ => int.TryParse(Environment.GetEnvironmentVariable("PGPORT"), out int port) ? port : DefaultPort,
    };

    private readonly Option<string> _user = new("--user", "-U")
    {
        Description = "A user in admin_users or stats_users (PGUSER); its password is taken from PGPASSWORD or ~/.pgpass",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("PGUSER") ?? Environment.UserName,
    };

    public AdminAddress(Command command)
    {
        command.Options.Add(_host);
        command.Options.Add(_port);
        command.Options.Add(_user);
    }

    public NpgsqlConnectionStringBuilder In(ParseResult parsed) => new()
    {
        Host = parsed.GetValue(_host),
        Port = parsed.GetValue(_port),
        Username = parsed.GetValue(_user),
        Database = Limits.AdminDatabase,
        ApplicationName = "tigger",
        SslMode = SslMode.Prefer,
        Pooling = false,
        NoResetOnClose = true,
        Timeout = 10,
        CommandTimeout = 30,
    };
}
