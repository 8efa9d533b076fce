using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Who is let in, by which method, and what the others are told.</summary>
public sealed class LoginTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachLocalDataPath("trust", Roles.Trust)]
    [EachLocalDataPath("plain", Roles.Plain)]
    [EachLocalDataPath("md5", Roles.Md5)]
    [EachLocalDataPath("md5", Roles.Scram)]
    [EachLocalDataPath("scram-sha-256", Roles.Scram)]
    public async Task Right_password_reaches_the_server_as_that_user(DataPath path, string authType, string role)
    {
        var pooler = await StartAsync(path, config => config.Set("auth_type", authType));
        await using var client = await pooler.ClientAsync(role, password: Roles.PasswordOf(role));
        Assert.Equal(role, await client.ScalarAsync("SELECT current_user"));
        Assert.Equal(ServerDatabase, await client.ScalarAsync("SELECT current_database()"));
        Assert.Equal("UTF8", client.Parameters["client_encoding"]);
        Assert.Contains("server_version", client.Parameters.Keys);
        Assert.NotEmpty(client.Secret);
    }

    [Theory]
    [EachLocalDataPath("plain", "password authentication failed")]
    [EachLocalDataPath("md5", "password authentication failed")]
    [EachLocalDataPath("scram-sha-256", "authentication failed")]
    public async Task Wrong_password_and_unknown_user_get_the_same_reply(DataPath path, string authType, string text)
    {
        var pooler = await StartAsync(path, config => config.Set("auth_type", authType));
        var wrong = await RefusalAsync(pooler, Roles.Plain, "wrong");
        var unknown = await RefusalAsync(pooler, "nobody_knows_me", "wrong");
        Assert.Contains(text, wrong.Message, StringComparison.Ordinal);
        Assert.Equal(wrong.Message, unknown.Message);
        Assert.Equal(wrong.SqlState, unknown.SqlState);
        Assert.Equal("FATAL", wrong.Severity);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Unknown_database_is_named_in_the_refusal(DataPath path)
    {
        var pooler = await StartAsync(path);
        var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(database: "nope"));
        Assert.Contains("no such database: nope", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Fallback_database_takes_every_name(DataPath path)
    {
        var pooler = await StartAsync(path, config => config
            .RemoveDatabase(Database).Database("*", ("host", PostgresServer.Host), ("port", Postgres.Port)));
        await using var client = await pooler.ClientAsync(database: ServerDatabase);
        Assert.Equal(ServerDatabase, await client.ScalarAsync("SELECT current_database()"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Too_many_clients_are_told_so_and_let_in_later(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("max_client_conn", 2));
        await using var first = await LoginWhenRoomAsync(pooler);
        await using var second = await LoginWhenRoomAsync(pooler);
        var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync());
        Assert.Equal("no more connections allowed (max_client_conn)", refusal.Message);
        await second.CloseAsync();
        await using var third = await LoginWhenRoomAsync(pooler);
        Assert.Equal("1", await third.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Stranger_to_the_console_is_refused(DataPath path)
    {
        var pooler = await StartAsync(path);
        var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.AdminAsync(Roles.Trust));
        Assert.Contains("not allowed", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Psql_logs_in_by_scram(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("auth_type", "scram-sha-256"));
        var psql = await PgTools.PsqlAsync(pooler.Port, Database, Roles.Scram, "SELECT current_user", password: Roles.PasswordOf(Roles.Scram));
        Assert.Equal(Roles.Scram, psql.Succeeded().Output);
    }

    /// <summary>A client that hung up is forgotten a moment later, as are the probes of the fixture.</summary>
    private static async Task<RawClient> LoginWhenRoomAsync(TiggerProcess pooler)
    {
        RawClient? client = null;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    client = await pooler.ClientAsync();
                    return true;
                }
                catch (ServerErrorException)
                {
                    return false;
                }
            },
            "room for a client");
        return client!;
    }

    private static async Task<ServerErrorException> RefusalAsync(TiggerProcess pooler, string user, string password) =>
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(user, password: password));
}
