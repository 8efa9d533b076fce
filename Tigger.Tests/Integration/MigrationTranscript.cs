using System.Text.RegularExpressions;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Writes down what clients and administrators of a pooler see, without what differs between any two runs.</summary>
internal sealed partial class MigrationTranscript(IniPooler pooler)
{
    private const string AlicesPassword = "wonder \"land";
    private const string BobsPassword = "builder";
    private const string SuperusersPassword = "boss";

    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public async Task LoginsAsync()
    {
        foreach (var (user, database, password) in new[]
        {
            (Roles.Md5, "shop", Roles.PasswordOf(Roles.Md5)), (Roles.Md5, "shop", "wrong"),
            (Roles.Alice, "many", AlicesPassword), (Roles.Alice, "many", "wonder \"\"land"), ("nobody", "shop", "x"), (Roles.Superuser, "local", SuperusersPassword),
            (Roles.Bob, "forced", BobsPassword), (Roles.Bob, "no_such_database", BobsPassword), (Roles.Bob, AdminConsole.Database, BobsPassword),
            (Roles.Md5, AdminConsole.Database, Roles.PasswordOf(Roles.Md5)), (Roles.Superuser, AdminConsole.Database, SuperusersPassword), ("somebody", AdminConsole.Database, ""),
        })
        {
            await NoteAsync($"login {user} {database} {password}", async () =>
            {
                await using var client = await pooler.ClientAsync(user, database, password);
                return "in";
            });
        }

        await NoteAsync("ignored parameters", () => AskAsync(Roles.Bob, BobsPassword, "shop", "SELECT 1", ("extra_float_digits", "2"), ("ssl_renegotiation_limit", "0")));
        await NoteAsync("refused parameter", () => AskAsync(Roles.Bob, BobsPassword, "shop", "SELECT 1", ("bad_parameter", "2")));
        await NoteAsync("name with host", () => AskAsync(Roles.Bob, BobsPassword, "shop", "SHOW application_name", ("application_name", "till")));
    }

    public async Task PoolingAsync()
    {
        await NoteAsync("forced user", () => AskAsync(Roles.Bob, BobsPassword, "forced", "SELECT current_user, current_setting('search_path')"));
        await NoteAsync("fallback database", () => AskAsync(Roles.Bob, BobsPassword, "postgres", "SELECT current_database()"));
        await NoteAsync("by Unix socket", () => AskAsync(Roles.Superuser, SuperusersPassword, "local", "SELECT current_user, inet_server_addr() IS NULL"));
        await NoteAsync("statement pooling", async () =>
        {
            await using var client = await pooler.ClientAsync(Roles.Bob, "single", BobsPassword);
            return await EndOfAsync(client, "BEGIN");
        });
        await NoteAsync("session pooling of a user", async () =>
        {
            await using var client = await pooler.ClientAsync(Roles.Alice, "shop", AlicesPassword);
            var pid = await client.BackendPidAsync();
            await client.QueryAsync("SET search_path = 'mine'");
            return $"{pid == await client.BackendPidAsync()} {await client.ScalarAsync("SHOW search_path")}";
        });
        await NoteAsync("reset between sessions", () => AskAsync(Roles.Alice, AlicesPassword, "shop", "SHOW search_path"));
    }

    public async Task LimitsAsync()
    {
        await NoteAsync("query_wait_timeout behind max_user_connections", async () =>
        {
            await using var first = await pooler.ClientAsync(Roles.Alice, "shop", AlicesPassword);
            await first.QueryAsync("SELECT 1");
            await using var second = await pooler.ClientAsync(Roles.Alice, "shop", AlicesPassword);
            return await EndOfAsync(second, "SELECT 2");
        });
        await NoteAsync("idle_transaction_timeout", async () =>
        {
            await using var client = await pooler.ClientAsync(Roles.Bob, "shop", BobsPassword);
            await client.QueryAsync("BEGIN");
            return string.Join(' ', await client.ReadToEndAsync());
        });
        await NoteAsync("max_client_conn", async () =>
        {
            var clients = new List<RawClient>();
            try
            {
                while (clients.Count < 30)
                    clients.Add(await pooler.ClientAsync(Roles.Bob, "shop", BobsPassword));
                return "no end";
            }
            catch (ServerErrorException fault)
            {
                return $"{fault.Severity} {fault.SqlState} {fault.Message}";
            }
            finally
            {
                foreach (var client in clients)
                    await client.CloseAsync();
            }
        });
    }

    public async Task ConsoleAsync()
    {
        await using var admin = await pooler.AdminAsync(SuperusersPassword);
        await ConfigAsync(admin);
        await TableAsync(admin, "DATABASES", "name", "host", "port", "database", "force_user", "pool_size", "min_pool_size", "pool_mode", "max_connections", "paused", "disabled");
        await TableAsync(admin, "USERS", "name", "pool_mode");
        foreach (var command in new[]
        {
            "PAUSE nowhere", "RESUME", "KILL nowhere", "DISABLE shop", "ENABLE shop", "SET default_pool_size = 3", "SET no_such_setting = 1", "SET default_pool_size = x",
            "nonsense", "PAUSE shop", "RESUME shop", "SET default_pool_size = '2'",
        })
        {
            await NoteAsync(command, async () => Describe(await admin.RunAsync(command)));
        }

        await using var statistics = new AdminConsole(await pooler.ClientAsync(Roles.Md5, AdminConsole.Database, Roles.PasswordOf(Roles.Md5)));
        foreach (var command in new[] { "RELOAD", "SHOW FDS", "PAUSE" })
            await NoteAsync($"{command} of a stats user", async () => Describe(await statistics.RunAsync(command)));
    }

    public async Task ReloadAsync()
    {
        await using var admin = await pooler.AdminAsync(SuperusersPassword);
        pooler.Process.Send(Signal.Hup);
        await Eventually.EqualAsync("4", () => admin.ConfigAsync("default_pool_size"), "default_pool_size");
        Note("listen_backlog after reload", (await admin.ConfigAsync("listen_backlog"))!);
    }

    public async Task EndAsync()
    {
        var socket = await PgTools.RunProgramAsync("stat", ["-c", "%a %U %G", $"{pooler.Home}/.s.PGSQL.{pooler.Port}"]);
        Note("socket", socket.Succeeded().Output.Trim());
        Note("pidfile", $"{File.ReadAllText(pooler.PidFile) == $"{pooler.Process.Pid}\n"}");
        Note("user", File.ReadLines($"/proc/{pooler.Process.Pid}/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)));
        pooler.Process.Send(Signal.Int);
        Assert.True(await pooler.Process.WaitForExitAsync(Eventually.DefaultDeadline), "SIGINT does not end it\n" + pooler.Process.Error.Text);
        Note("end", $"{pooler.Process.ExitCode}, pidfile: {File.Exists(pooler.PidFile)}");
        foreach (var phrase in new[] { "process up", "login attempt: db=shop", "closing because: client close request", "no such user", "query_wait_timeout", "got SIGHUP", "got SIGINT" })
            Note($"logged {phrase}", $"{File.ReadAllText(pooler.LogFile).Contains(phrase, StringComparison.Ordinal)}");
    }

    /// <summary>The settings that the file sets, which is nearly all that Debian's version has.</summary>
    private async Task ConfigAsync(AdminConsole admin)
    {
        var set = SettingLine().Matches(File.ReadAllText(pooler.ConfigFile) + File.ReadAllText(Path.Combine(pooler.Home, "timeouts.ini")))
            .Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        foreach (var row in (await admin.ShowAsync("CONFIG")).Where(row => set.Contains(row["key"]!) || row["key"] == "conffile"))
            Note($"SHOW CONFIG {row["key"]}", $"{row["value"]?.Replace(", ", ",", StringComparison.Ordinal)} {row["changeable"]}");
    }

    private async Task TableAsync(AdminConsole admin, string table, params string[] columns)
    {
        // PgBouncer forgets a database made from * that the server does not have; Tigger does when it is unused for long.
        foreach (var row in (await admin.ShowAsync(table)).Where(row => row["name"] is not ("no_such_database" or "nowhere")).OrderBy(row => row["name"], StringComparer.Ordinal))
            Note($"SHOW {table}", string.Join(' ', columns.Select(column => $"{column}={row[column]}")));
    }

    private async Task<string> AskAsync(string user, string password, string database, string sql, params (string, string)[] parameters)
    {
        await using var client = await pooler.ClientAsync(user, database, password, parameters);
        return Describe(await client.QueryAsync(sql));
    }

    private static async Task<string> EndOfAsync(RawClient client, string sql)
    {
        await client.SendAsync(Frontend.Query(sql));
        return string.Join(' ', (await client.ReadToEndAsync()).Where(message => message.Type == 'E'));
    }

    private static string Describe(QueryReply reply) => string.Join(
        ' ', [.. reply.Errors.Concat(reply.Notices).Select(message => message.ToString()), .. reply.Rows.Select(row => string.Join(',', row)), .. reply.Tags]);

    private async Task NoteAsync(string what, Func<Task<string>> ask)
    {
        try
        {
            Note(what, await ask());
        }
        catch (ServerErrorException fault)
        {
            // For a refused login PgBouncer 1.18 knows one code only.
            var state = fault.SqlState is "28P01" or "3D000" ? "08P01" : fault.SqlState;
            Note(what, $"{fault.Severity} {state} {fault.Message}");
        }
    }

    private void Note(string what, string seen)
    {
        // Tigger says why.
        var text = SetFailed().Replace(seen, "SET failed").Replace($"{pooler.Port}", "PORT", StringComparison.Ordinal).Replace(pooler.Home, "HOME", StringComparison.Ordinal);
        _lines.Add($"{what}: {EphemeralPort().Replace(text, "127.0.0.1:N")}");
    }

    [GeneratedRegex(@"^\s*([a-z_0-9]+)\s*=", RegexOptions.Multiline)]
    private static partial Regex SettingLine();

    [GeneratedRegex("SET failed: .*")]
    private static partial Regex SetFailed();

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex EphemeralPort();
}
