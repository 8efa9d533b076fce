using System.Globalization;
using Npgsql;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>SHOW commands: the columns dashboards read, in wire order and type, and whether the numbers are true.</summary>
public sealed class AdminShowTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string Sockets =
        "type:s user:s database:s replication:s state:s addr:s port:i local_addr:s local_port:i connect_time:s request_time:s wait:i wait_us:i "
        + "close_needed:i ptr:s link:s remote_pid:i tls:s application_name:s prepared_statements:i id:i";

    private const string Totals =
        "server_assignment_count:n xact_count:n query_count:n bytes_received:n bytes_sent:n xact_time:n query_time:n wait_time:n ";

    // Newer than 1.25; welcome, but not yet part of the interface.
    private static readonly string[] Optional = ["client_login_count", "total_client_login_count", "avg_client_login_count"];

    private static readonly Dictionary<int, char> TypeLetters = new() { [25] = 's', [23] = 'i', [20] = 'q', [1700] = 'n', [17] = 'b' };

    [Theory]
    [EachLocalDataPath("POOLS", "database:s user:s cl_active:i cl_waiting:i cl_active_cancel_req:i cl_waiting_cancel_req:i sv_active:i sv_active_cancel:i "
        + "sv_being_canceled:i sv_idle:i sv_used:i sv_tested:i sv_login:i maxwait:i maxwait_us:i pool_mode:s load_balance_hosts:s")]
    [EachLocalDataPath("STATS", "database:s total_server_assignment_count:n total_xact_count:n total_query_count:n total_received:n total_sent:n "
        + "total_xact_time:n total_query_time:n total_wait_time:n total_client_parse_count:n total_server_parse_count:n total_bind_count:n "
        + "avg_server_assignment_count:n avg_xact_count:n avg_query_count:n avg_recv:n avg_sent:n avg_xact_time:n avg_query_time:n avg_wait_time:n "
        + "avg_client_parse_count:n avg_server_parse_count:n avg_bind_count:n")]
    [EachLocalDataPath("STATS_TOTALS", "database:s " + Totals + "client_parse_count:n server_parse_count:n bind_count:n")]
    [EachLocalDataPath("STATS_AVERAGES", "database:s " + Totals + "avg_client_parse_count:n avg_server_parse_count:n avg_bind_count:n")]
    [EachLocalDataPath("TOTALS", "name:s value:n")]
    [EachLocalDataPath("CLIENTS", Sockets)]
    [EachLocalDataPath("SERVERS", Sockets)]
    [EachLocalDataPath("SOCKETS", Sockets + " recv_pos:i pkt_pos:i pkt_remain:i send_pos:i send_remain:i pkt_avail:i send_avail:i")]
    [EachLocalDataPath("DATABASES", "name:s host:s port:i database:s force_user:s pool_size:i min_pool_size:i reserve_pool_size:i server_lifetime:i "
        + "pool_mode:s load_balance_hosts:s max_connections:i current_connections:i max_client_connections:i current_client_connections:i paused:i disabled:i")]
    [EachLocalDataPath("USERS", "name:s pool_size:s reserve_pool_size:s pool_mode:s max_user_connections:i current_connections:i "
        + "max_user_client_connections:i current_client_connections:i")]
    [EachLocalDataPath("LISTS", "list:s items:i")]
    [EachLocalDataPath("CONFIG", "key:s value:s default:s changeable:s")]
    [EachLocalDataPath("STATE", "key:s value:s")]
    [EachLocalDataPath("MEM", "name:s size:i used:i free:i memtotal:i")]
    [EachLocalDataPath("VERSION", "version:s")]
    public async Task Columns_are_pgbouncers_in_both_protocols(DataPath path, string what, string expected)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await client.ScalarAsync("SELECT 1");
        await using var admin = await pooler.AdminAsync();
        var simple = (await admin.RunAsync($"SHOW {what};")).Succeeded();
        Assert.Equal(expected, Columns(simple));
        Assert.Equal("SHOW", Assert.Single(simple.Tags));

        await admin.Client.SendAsync(Frontend.Concat(
            Frontend.Parse($"show {what.ToLowerInvariant()}"), Frontend.DescribeStatement(), Frontend.Bind(), Frontend.DescribePortal(), Frontend.Execute(), Frontend.Sync));
        Assert.Equal(expected, Columns((await admin.Client.ReadReplyAsync()).Succeeded()));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Fds_is_well_formed(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var admin = await pooler.AdminAsync();
        var columns = (await admin.RunAsync("SHOW FDS")).Succeeded().Messages.First(message => message.Type == 'T').Columns();
        Assert.StartsWith(
            "fd task user database addr port cancel link client_encoding std_strings datestyle timezone password",
            string.Join(' ', columns.Select(column => column.Name)), StringComparison.Ordinal);
        Assert.Equal(15, columns.Count);
        await using var client = await pooler.ClientAsync();
        await client.ScalarAsync("SELECT 1");
        var rows = await admin.ShowAsync("FDS");
        Assert.Contains(rows, row => row["task"] == "pooler" && row["port"] == $"{pooler.Port}" && row["user"] is null);
        var key = ((long)client.Pid << 32) | System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(client.Secret);
        var shown = Assert.Single(rows, row => row["task"] == "client" && row["cancel"] == $"{key}");
        Assert.Equal((Database, Roles.Superuser), (shown["database"], shown["user"]));
        Assert.Contains(rows, row => row["task"] == "server" && row["cancel"] != "0");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Help_is_a_notice(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var admin = await pooler.AdminAsync();
        var reply = (await admin.RunAsync("SHOW HELP")).Succeeded();
        Assert.Contains("SHOW", string.Join('\n', reply.Notices.Select(notice => notice.Field('D') + notice.Field('M'))), StringComparison.Ordinal);
        Assert.Equal("SHOW", Assert.Single(reply.Tags));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Pools_clients_and_servers_tell_the_truth(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var admin = await pooler.AdminAsync();
        await using var busy = await pooler.ClientAsync(parameters: ("application_name", "teller"));
        await using var waiting = await pooler.ClientAsync();
        await busy.QueryAsync("BEGIN");
        await waiting.SendAsync(Frontend.Query("SELECT 1"));
        await admin.WaitForPoolAsync("cl_waiting", 1);
        await admin.WaitForPoolAsync("cl_active", 1);
        await admin.WaitForPoolAsync("sv_active", 1);
        await admin.WaitForPoolAsync("sv_idle", 0);

        var server = (await admin.ShowAsync("SERVERS")).Single(row => row["database"] == Database);
        Assert.Equal(("S", "active", $"{await busy.BackendPidAsync()}"), (server["type"], server["state"], server["remote_pid"]));
        Assert.Equal($"{Postgres.Port}", server["port"]);
        var clients = (await admin.ShowAsync("CLIENTS")).Where(row => row["database"] == Database).ToList();
        Assert.Equal("teller", clients.Single(row => row["state"] == "active")["application_name"]);
        Assert.Equal(server["ptr"], clients.Single(row => row["state"] == "active")["link"]);
        Assert.Single(clients, row => row["state"] == "waiting");

        await busy.QueryAsync("COMMIT");
        await waiting.ReadReplyAsync();
        await admin.WaitForPoolAsync("sv_active", 0);
        await admin.WaitForPoolAsync("cl_waiting", 0);
        Assert.Equal(1, await admin.PoolNumberAsync("sv_idle") + await admin.PoolNumberAsync("sv_used"));
        var database = (await admin.ShowAsync("DATABASES")).Single(row => row["name"] == Database);
        Assert.Equal((ServerDatabase, "1"), (database["database"], database["current_connections"]));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Waiting_time_shows_while_it_grows_and_is_kept(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var admin = await pooler.AdminAsync();
        await using var busy = await pooler.ClientAsync();
        await using var waiting = await pooler.ClientAsync();
        await waiting.ScalarAsync("SELECT 1");
        await busy.QueryAsync("BEGIN");
        var before = (await admin.TotalsAsync())["wait_time"];
        await waiting.SendAsync(Frontend.Query("SELECT 1"));
        await Eventually.TrueAsync(async () => await admin.PoolNumberAsync("maxwait") >= 1, "maxwait of a second");
        var row = (await admin.ShowAsync("CLIENTS")).Single(client => client["state"] == "waiting");
        Assert.True(int.Parse(row["wait"]!, CultureInfo.InvariantCulture) >= 1, $"waits for {row["wait"]} s");
        await busy.QueryAsync("COMMIT");
        await waiting.ReadReplyAsync();
        await Eventually.EqualAsync(0, () => admin.PoolNumberAsync("maxwait"), "maxwait with nobody waiting");
        await Eventually.TrueAsync(async () => (await admin.TotalsAsync())["wait_time"] - before >= 1_000_000, "the second in the totals");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Sockets_tell_who_works_for_whom_and_since_when(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var admin = await pooler.AdminAsync();
        await using var busy = await pooler.ClientAsync();
        await using var waiting = await pooler.ClientAsync();
        await waiting.ScalarAsync("SELECT 1");
        await busy.ScalarAsync("SELECT 1");
        var login = DateTime.UtcNow;
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        var request = Frontend.Query("SELECT 1");
        await busy.SendAsync(Frontend.Query("SELECT pg_sleep(1.5)"));
        await admin.WaitForPoolAsync("sv_active", 1);
        await waiting.SendAsync(request);
        await admin.WaitForPoolAsync("cl_waiting", 1);
        await Task.Delay(TimeSpan.FromSeconds(0.1));

        var server = (await admin.ShowAsync("SERVERS")).Single(row => row["database"] == Database);
        var clients = (await admin.ShowAsync("CLIENTS")).Where(row => row["database"] == Database).ToList();
        var active = clients.Single(row => row["state"] == "active");
        var queued = clients.Single(row => row["state"] == "waiting");
        Assert.Equal((active["ptr"], server["ptr"], ""), (server["link"], active["link"], queued["link"]));
        foreach (var row in new[] { server, active, queued })
        {
            Assert.True(int.Parse(row["wait_us"]!, CultureInfo.InvariantCulture) > 0 || row["wait"] != "0", "nobody waits");
            Assert.True(DateTime.Parse(row["request_time"]!.Replace(" UTC", "Z"), CultureInfo.InvariantCulture).ToUniversalTime() > login, row["request_time"]);
        }

        var sockets = (await admin.ShowAsync("SOCKETS")).Where(row => row["database"] == Database).Select(row => row["state"]).Order(StringComparer.Ordinal);
        Assert.Equal(["cl_active", "cl_waiting", "sv_active"], sockets);
        if (!PoolerProgram.IsReference)
        {
            var held = (await admin.ShowAsync("ACTIVE_SOCKETS")).Single(row => row["database"] == Database);
            Assert.Equal((queued["ptr"], $"{request.Length}"), (held["ptr"], held["pkt_avail"]));
        }

        await busy.ReadReplyAsync();
        await waiting.ReadReplyAsync();
        await admin.WaitForPoolAsync("sv_active", 0);
        Assert.All((await admin.ShowAsync("CLIENTS")).Where(row => row["database"] == Database), row => Assert.Equal(("", "0", "0"), (row["link"], row["wait"], row["wait_us"])));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Servers_unused_for_long_are_used(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1).Set("server_check_delay", 1).Set("server_check_query", "SELECT 1"));
        await using var admin = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await client.ScalarAsync("SELECT 1");
        await client.ScalarAsync("SELECT 1");
        await admin.WaitForPoolAsync("sv_used", 1);
        Assert.Equal(0, await admin.PoolNumberAsync("sv_idle"));
        Assert.Equal("used", (await admin.ShowAsync("SERVERS")).Single(row => row["database"] == Database)["state"]);
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
        await admin.WaitForPoolAsync("sv_idle", 1);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Stats_count_every_query_and_transaction(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var admin = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await client.ScalarAsync("SELECT 1");
        var before = await admin.TotalsAsync();
        for (var i = 0; i < 10; i++)
            await client.ScalarAsync("SELECT 1");
        await client.QueryAsync("BEGIN");
        await client.ExtendedAsync("SELECT pg_sleep(0.05)");
        await client.QueryAsync("COMMIT");
        await Eventually.EqualAsync(before["xact_count"] + 11, async () => (await admin.TotalsAsync())["xact_count"], "transactions");
        var after = await admin.TotalsAsync();
        Assert.Equal(before["query_count"] + 13, after["query_count"]);
        Assert.True(after["bytes_received"] - before["bytes_received"] >= 10 * Frontend.Query("SELECT 1").Length);
        Assert.True(after["bytes_sent"] > before["bytes_sent"]);
        Assert.True(after["query_time"] - before["query_time"] >= 50_000);
        Assert.True(after["xact_time"] - before["xact_time"] >= after["query_time"] - before["query_time"]);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Config_is_sorted_and_names_what_may_change(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("query_wait_timeout", 77));
        await using var admin = await pooler.AdminAsync();
        var rows = await admin.ShowAsync("CONFIG");
        var keys = rows.Select(row => row["key"]!).ToList();
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
        Assert.Equal(("77", "120", "yes"), Of("query_wait_timeout"));
        Assert.Equal("no", Of("listen_port").Changeable);
        Assert.Equal("100", Of("max_client_conn").Value);
        Assert.Equal("0", Of("max_user_connections").Value);

        (string? Value, string? Default, string? Changeable) Of(string key)
        {
            var row = rows.Single(one => one["key"] == key);
            return (row["value"], row["default"], row["changeable"]);
        }
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Exporter_queries_and_npgsql_can_read_the_console(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await client.ScalarAsync("SELECT 1");
        await using var connection = await pooler.NpgsqlAsync("Server Compatibility Mode=NoTypeLoading", database: AdminConsole.Database);
        foreach (var query in new[] { "SHOW VERSION;", "SHOW LISTS;", "SHOW CONFIG;", "SHOW CLIENTS;", "SHOW DATABASES;", "SHOW STATS_TOTALS;", "SHOW POOLS;" })
        {
            await using var command = new NpgsqlCommand(query, connection);
            await using var reader = await command.ExecuteReaderAsync();
            Assert.True(await reader.ReadAsync(), query);
            for (var column = 0; column < reader.FieldCount; column++)
                Assert.False(reader.GetValue(column) is byte[], $"{query} {reader.GetName(column)}");
        }
    }

    private static string Columns(QueryReply reply)
    {
        var columns = reply.Messages.First(message => message.Type == 'T').Columns().Where(column => !Optional.Contains(column.Name));
        return string.Join(' ', columns.Select(column => $"{column.Name}:{TypeLetters.GetValueOrDefault(column.TypeOid, '?')}"));
    }
}
