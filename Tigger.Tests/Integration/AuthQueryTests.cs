using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Users that no file names: their secrets come from PostgreSQL.</summary>
public sealed class AuthQueryTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string Secret = "first secret", OtherSecret = "second secret";

    [Theory]
    [EachLocalDataPath("md5", Roles.Md5)]
    [EachLocalDataPath("md5", Roles.Scram)]
    [EachLocalDataPath("scram-sha-256", Roles.Scram)]
    public async Task User_is_found_and_reaches_the_server_as_itself(DataPath path, string authType, string role)
    {
        // The server asks for a password as well: what the client has proved is all there is to log in with.
        var pooler = await StartAsync(path, config => UseAuthQuery(config, authType));
        await using var client = await pooler.ClientAsync(role, password: Roles.PasswordOf(role));
        Assert.Equal(role, await client.ScalarAsync("SELECT current_user"));
        await using var admin = await ConsoleAsync(pooler);
        Assert.Contains(await admin.ShowAsync("USERS"), user => user["name"] == role);
        Assert.NotNull(await admin.PoolAsync(user: Roles.Superuser));
    }

    [Theory]
    [InlineData("plain", "md5")]
    [InlineData("md5", "md5")]
    [InlineData("scram-sha-256", "scram-sha-256")]
    public async Task Wrong_password_and_unknown_user_get_the_same_reply(string authType, string encryption)
    {
        var role = await CreateRoleAsync(encryption);
        var pooler = await StartAsync(DataPath.User, config => UseAuthQuery(config, authType));
        await using (await pooler.ClientAsync(role, password: Secret))
        {
        }

        var wrong = await RefusalAsync(pooler, role, "wrong");
        var unknown = await RefusalAsync(pooler, role + "x", "wrong");
        Assert.Contains("authentication failed", wrong.Message, StringComparison.Ordinal);
        Assert.Equal((wrong.Message, wrong.SqlState), (unknown.Message, unknown.SqlState));
        await pooler.Log.WaitForAsync($"no such user: {role}x");
    }

    [Theory]
    [InlineData("plain", "scram-sha-256", "scram-sha-256")]
    [InlineData("md5", "md5", "md5")]
    [InlineData("md5", "md5", "scram-sha-256")]
    [InlineData("md5", "scram-sha-256", "md5")]
    [InlineData("scram-sha-256", "scram-sha-256", "scram-sha-256")]
    public async Task Changed_password_works_at_once(string authType, string encryption, string nextEncryption)
    {
        var role = await CreateRoleAsync(encryption);
        var pooler = await StartAsync(DataPath.User, config => UseAuthQuery(config, authType));
        await using var before = await pooler.ClientAsync(role, password: Secret);
        await SetPasswordAsync(role, nextEncryption, OtherSecret);
        await using var after = await pooler.ClientAsync(role, password: OtherSecret);
        Assert.Equal(role, await after.ScalarAsync("SELECT current_user"));
        await RefusalAsync(pooler, role, Secret);
    }

    /// <summary>CVE-2025-2291: a password is no password after its VALID UNTIL.</summary>
    [Theory]
    [InlineData("md5")]
    [InlineData("scram-sha-256")]
    public async Task Expired_password_is_refused(string encryption)
    {
        var role = await CreateRoleAsync(encryption);
        var pooler = await StartAsync(DataPath.User, config => UseAuthQuery(config, "md5").Set("auth_query_cache_ttl", 0));
        await using (await pooler.ClientAsync(role, password: Secret))
        {
        }

        await Postgres.ExecuteAsync($"ALTER ROLE {role} VALID UNTIL 'yesterday'");
        await RefusalAsync(pooler, role, Secret);
        await Postgres.ExecuteAsync($"ALTER ROLE {role} VALID UNTIL 'tomorrow'");
        await using var valid = await pooler.ClientAsync(role, password: Secret);
    }

    /// <summary>CVE-2025-12819: what a client wants its search_path to be is nothing to auth_query.</summary>
    [Theory]
    [EachLocalDataPath]
    public async Task Search_path_of_a_client_does_not_reach_the_query(DataPath path)
    {
        await Postgres.ExecuteAsync(
            """
            CREATE FUNCTION look_up(text) RETURNS TABLE (name text, secret text) LANGUAGE sql AS $$ SELECT $1, 'right' $$;
            CREATE SCHEMA evil;
            CREATE FUNCTION evil.look_up(text) RETURNS TABLE (name text, secret text) LANGUAGE sql AS $$ SELECT $1, 'evil' $$
            """,
            ServerDatabase);
        var pooler = await StartAsync(path, config => UseAuthQuery(config, "plain")
            .User(Roles.Superuser, ("password", "p")).Set("auth_query", "SELECT * FROM look_up($1)")
            .Set("track_extra_parameters", "search_path").Set("default_pool_size", 1));
        await RefusalAsync(pooler, Roles.Trust, "evil", ("search_path", "evil"));
        await RefusalAsync(pooler, Roles.Trust, "evil", ("options", "-c search_path=evil"));

        // The one server of auth_user has served a client that left its own search_path behind.
        await using (var user = await pooler.ClientAsync(Roles.Superuser, password: "p", parameters: ("search_path", "evil")))
        {
            await user.QueryAsync("SET search_path = evil");
            Assert.Equal("evil", await user.ScalarAsync("SHOW search_path"));
        }

        await RefusalAsync(pooler, Roles.Trust, "evil");
        await using var client = await pooler.ClientAsync(Roles.Trust, password: "right");
        await using var again = await pooler.ClientAsync(Roles.Superuser, password: "p", parameters: ("search_path", "evil"));
        Assert.Equal("evil", await again.ScalarAsync("SHOW search_path"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Query_waits_for_a_server_of_its_pool_before_the_clients_do(DataPath path)
    {
        var pooler = await StartAsync(path, config => UseAuthQuery(config, "md5")
            .User(Roles.Superuser, ("password", "p")).Set("default_pool_size", 1));
        await using var busy = await pooler.ClientAsync(Roles.Superuser, password: "p");
        await busy.QueryAsync("BEGIN");
        await using var waiting = await pooler.ClientAsync(Roles.Superuser, password: "p");
        await waiting.SendAsync(Frontend.Query("SELECT 'served'"));
        var login = pooler.ClientAsync(Roles.Scram, password: Roles.PasswordOf(Roles.Scram));
        Assert.NotSame(login, await Task.WhenAny(login, Task.Delay(TimeSpan.FromMilliseconds(300))));
        await busy.QueryAsync("COMMIT");
        await using var client = await login;
        Assert.Equal(Roles.Scram, await client.ScalarAsync("SELECT current_user"));
        Assert.Equal("served", (await waiting.ReadReplyAsync()).Scalar);
    }

    [Fact]
    public async Task Logins_that_come_together_share_queries()
    {
        await Postgres.ExecuteAsync(
            """
            CREATE SEQUENCE runs;
            CREATE FUNCTION look_up(name text) RETURNS TABLE (n text, secret text) LANGUAGE sql AS
              $$ SELECT nextval('runs'); SELECT pg_sleep(0.3); SELECT rolname::text, rolpassword FROM pg_authid WHERE rolname = $1 $$
            """,
            ServerDatabase);
        var pooler = await StartAsync(DataPath.User, config => UseAuthQuery(config, "scram-sha-256")
            .Set("auth_query", "SELECT * FROM look_up($1)"));
        var logins = Enumerable.Range(0, 30).Select(_ => pooler.ClientAsync(Roles.Scram, password: Roles.PasswordOf(Roles.Scram))).ToList();
        foreach (var client in await Task.WhenAll(logins))
            await client.DisposeAsync();
        Assert.InRange(await Postgres.ScalarAsync<long>("SELECT last_value FROM runs", ServerDatabase), 1, 15);
    }

    [Fact]
    public async Task Database_may_have_a_query_and_user_of_its_own_and_another_database_to_run_it()
    {
        await Postgres.ExecuteAsync($"CREATE TABLE logins AS SELECT '{Roles.Trust}' AS name, '{Secret}' AS secret", ServerDatabase);
        await Postgres.ExecuteAsync($"GRANT SELECT ON logins TO {Roles.Alice}", ServerDatabase);
        var pooler = await StartAsync(DataPath.User, config => UseAuthQuery(config, "plain")
            .Database("lookups", ("host", PostgresServer.Host), ("port", Postgres.Port), ("dbname", ServerDatabase))
            .Database(Database, ("auth_user", Roles.Alice), ("auth_dbname", "lookups"), ("auth_query", "SELECT name, secret FROM logins WHERE name = $1")));
        await using var client = await pooler.ClientAsync(Roles.Trust, password: Secret);
        await using var admin = await ConsoleAsync(pooler);
        Assert.NotNull(await admin.PoolAsync("lookups", Roles.Alice));
        Assert.Null(await admin.PoolAsync(Database, Roles.Superuser));
    }

    [Theory]
    [InlineData("SELECT rolpassword FROM pg_authid WHERE rolname = $1", "expected 2 columns from auth_query, not 1")]
    [InlineData("SELECT NULL, 'x' WHERE $1 <> ''", "auth_query response contained null user name")]
    [InlineData("SELECT 1 / length($1 || '') * 0 / 0, 'x'", "error response from auth_query: division by zero")]
    public async Task Query_that_fails_is_explained_in_the_log_only(string query, string reason)
    {
        var pooler = await StartAsync(DataPath.User, config => UseAuthQuery(config, "md5").Set("auth_query", query));
        Assert.Equal("bouncer config error", (await RefusalAsync(pooler, Roles.Scram, "any")).Message);
        await pooler.Log.WaitForAsync(reason);
    }

    [Fact]
    public async Task Query_that_never_ends_is_given_up()
    {
        var pooler = await StartAsync(DataPath.User, config => UseAuthQuery(config, "plain").Set("client_login_timeout", 1)
            .Set("auth_query", "SELECT $1, CASE WHEN $1 = 'slow' THEN pg_sleep(600)::text ELSE 'pw' END").Set("default_pool_size", 1));
        await RefusalAsync(pooler, "slow", "pw");
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await using var client = await pooler.ClientAsync(Roles.Trust, password: "pw");
                    return true;
                }
                catch (ServerErrorException)
                {
                    return false;
                }
            },
            "a login once the server is free");
    }

    [Fact]
    public async Task Console_needs_a_database_to_look_its_users_up_in()
    {
        var role = await CreateRoleAsync("scram-sha-256");
        var pooler = await StartAsync(DataPath.User, config => UseAuthQuery(config, "md5").Set("admin_users", new[] { role }));
        var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(role, AdminConsole.Database, Secret));
        Assert.Equal("bouncer config error", refusal.Message);
        await pooler.Log.WaitForAsync("cannot use the reserved \"pgbouncer\" database as an auth_dbname");
        pooler.Config.Set("auth_dbname", Database);
        pooler.WriteConfig();
        pooler.Send(Signal.Hup);
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await using var admin = await pooler.AdminAsync(role, Secret);
                    return true;
                }
                catch (ServerErrorException)
                {
                    return false;
                }
            },
            "the new setting");
    }

    [Fact]
    public async Task Server_that_went_away_is_replaced_without_the_client_noticing()
    {
        var server = Own(await PostgresServer.StartPrivateAsync());
        var pooler = await StartAsync(UseAuthQuery(NewConfig(DataPath.User, server.Port), "md5").Database(Database, ("dbname", "postgres")));
        await using (await pooler.ClientAsync(Roles.Scram, password: Roles.PasswordOf(Roles.Scram)))
        {
        }

        await server.RestartAsync();
        await using var client = await pooler.ClientAsync(Roles.Scram, password: Roles.PasswordOf(Roles.Scram));
        Assert.Equal(Roles.Scram, await client.ScalarAsync("SELECT current_user"));
    }

    private static TiggerConfigBuilder UseAuthQuery(TiggerConfigBuilder config, string authType) => config
        .RemoveUsers().User("console", ("password", "c")).Set("admin_users", new[] { "console" })
        .Set("auth_type", authType).Set("auth_user", Roles.Superuser);

    private static Task<AdminConsole> ConsoleAsync(TiggerProcess pooler) => pooler.AdminAsync("console", "c");

    private static Task<ServerErrorException> RefusalAsync(
        TiggerProcess pooler, string user, string password, params (string Name, string Value)[] parameters) =>
        Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(user, password: password, parameters: parameters));

    /// <summary>A role of the test's own, which PostgreSQL trusts and the pooler does not.</summary>
    private async Task<string> CreateRoleAsync(string encryption)
    {
        var role = $"r_{ServerDatabase}";
        await Postgres.ExecuteAsync($"DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN");
        await SetPasswordAsync(role, encryption, Secret);
        return role;
    }

    private Task SetPasswordAsync(string role, string encryption, string password) =>
        Postgres.ExecuteAsync($"SET password_encryption = '{encryption}'; ALTER ROLE {role} PASSWORD '{password}'");
}
