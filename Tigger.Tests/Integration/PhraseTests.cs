using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Drivers and monitoring match on these words: PgBouncer's, to the client and in the log.</summary>
public sealed class PhraseTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private static readonly (string User, string Database, (string, string)[] Parameters, string SqlState, string Text)[] Refusals =
    [
        ("nobody", Database, [], "08P01", "\"trust\" authentication failed"),
        (Roles.Alice, "nowhere", [], "3D000", "no such database: nowhere"),
        (Roles.Alice, AdminConsole.Database, [], "08P01", "not allowed"),
        (Roles.Alice, Database, [("search_path", "x")], "08P01", "unsupported startup parameter: search_path"),
        (Roles.Alice, Database, [("options", "-c geqo=off")], "08P01", "unsupported startup parameter in options: geqo"),
        (Roles.Alice, "disabled", [], "08P01", "database does not allow connections: disabled"),
        (Roles.Bob, Database, [], "08P01", "client connections exceeded (max_user_client_connections)"),
        (Roles.Alice, "full", [], "08P01", "client connections exceeded (max_db_client_connections)"),
    ];

    [Fact]
    public async Task Refusals_say_the_same_to_the_client_and_in_the_log()
    {
        (string, object)[] here = [("host", Topology.Loopback), ("port", Postgres.Port), ("dbname", ServerDatabase)];
        var pooler = await StartAsync(DataPath.User, config => config
            .Database("disabled", here).Database("full", [.. here, ("max_db_client_connections", 1)])
            .User(Roles.Bob, ("max_user_client_connections", 1)));
        await using var admin = await pooler.AdminAsync();
        await admin.DoAsync("DISABLE disabled");
        await using var bob = await pooler.ClientAsync(Roles.Bob);
        await using var first = await pooler.ClientAsync(Roles.Md5, "full");
        foreach (var (user, database, parameters, sqlState, text) in Refusals)
        {
            var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(user, database, parameters: parameters));
            Assert.Equal((text, sqlState), (refusal.Message, refusal.SqlState));
            await pooler.Log.WaitForAsync($"pooler error: {text}");
            await pooler.Log.WaitForAsync($"closing because: {text} (age=");
        }

        await pooler.Log.WaitForAsync($"login failed: db={Database} user=nobody");
        await pooler.Log.WaitForAsync("no such user: nobody");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Parameters_that_are_brought_in_line_are_logged_for_whoever_wants_to_know(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1).Set("verbose", 1));
        await using var german = await pooler.ClientAsync(parameters: ("DateStyle", "German"));
        await using var sql = await pooler.ClientAsync(parameters: ("DateStyle", "SQL"));
        await german.ScalarAsync("SELECT 1");
        await pooler.Log.WaitForAsync("varcache_apply: SET DateStyle='German';");
        await sql.ScalarAsync("SELECT 1");
        await pooler.Log.WaitForAsync("varcache_apply: SET DateStyle='SQL';");
    }

    [Fact]
    public async Task Events_of_servers_and_databases_are_logged_with_pgbouncers_words()
    {
        var pooler = await StartAsync(DataPath.User, config => config
            .Set("max_db_connections", 1).Database("*", ("host", Topology.Loopback), ("port", Postgres.Port)));
        await using var admin = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync(Roles.Alice);
        await client.ScalarAsync("SELECT 1");
        await pooler.Log.WaitForAsync("new connection to server (from 127.0.0.1:");
        await using var other = await pooler.ClientAsync(Roles.Bob);
        await other.ScalarAsync("SELECT 1");
        await pooler.Log.WaitForAsync("closing because: evicted (age=");
        await admin.DoAsync("RECONNECT");
        await pooler.Log.WaitForAsync("closing because: database configuration changed (age=");
        await using var auto = await pooler.ClientAsync(database: ServerDatabase);
        await pooler.Log.WaitForAsync($"registered new auto-database: db={ServerDatabase}");
        var pid = await auto.BackendPidAsync();
        await Postgres.ExecuteAsync($"SELECT pg_terminate_backend({pid})");
        await pooler.Log.WaitForAsync("server conn crashed? (age=");
        await client.CloseAsync();
        await pooler.Log.WaitForAsync("closing because: client close request (age=");
    }
}
