using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>auth_type hba: the file decides, line by line.</summary>
public sealed class HbaLoginTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string HbaFile = "hba.conf", IdentFile = "ident.conf";

    [Theory]
    [EachLocalDataPath]
    public async Task First_matching_line_decides(DataPath path)
    {
        var pooler = await StartAsync(path, $"""
            host {Database} {Roles.Superuser},{Roles.Trust} 127.0.0.1/32 trust
            host pgbouncer {Roles.Superuser} all trust
            host all {Roles.Bob} all reject
            host all {Roles.Scram} all scram-sha-256
            host all {Roles.Md5} 127.0.0.0 255.0.0.0 md5
            host all {Roles.Plain} all password
            """);
        await using var trusted = await pooler.ClientAsync();
        foreach (var role in new[] { Roles.Scram, Roles.Md5, Roles.Plain })
        {
            await using var client = await pooler.ClientAsync(role, password: Roles.PasswordOf(role));
            Assert.Equal(role, await client.ScalarAsync("SELECT current_user"));
            await RefusalAsync(pooler, role, "wrong");
        }

        Assert.Equal("login rejected", (await RefusalAsync(pooler, Roles.Bob)).Message);
        Assert.Equal("no authentication method is found", (await RefusalAsync(pooler, Roles.Alice)).Message);
    }

    [Fact]
    public async Task Unknown_user_is_refused_like_a_known_one()
    {
        var pooler = await StartAsync(DataPath.User, "host all all all trust");
        Assert.Equal("\"trust\" authentication failed", (await RefusalAsync(pooler, "nobody_knows_me")).Message);
    }

    [Fact]
    public async Task Reload_takes_the_new_lines_and_names_the_broken_ones()
    {
        var pooler = await StartAsync(DataPath.User, "host all all all trust");
        await using var admin = await pooler.AdminAsync();
        await File.WriteAllTextAsync(Path.Combine(pooler.Home, HbaFile), $"host all {Roles.Alice} all reject\nhosst x\nhost all all all trust\n");
        (await admin.RunAsync("RELOAD")).Succeeded();
        Assert.Equal("login rejected", (await RefusalAsync(pooler, Roles.Alice)).Message);
        await pooler.Log.WaitForAsync("hba.conf:2:1: warning: auth_hba_file: could not parse hba config line 2: unknown type");

        File.Delete(Path.Combine(pooler.Home, HbaFile));
        var refused = await admin.RunAsync("RELOAD");
        Assert.Contains("auth_hba_file", Assert.Single(refused.Errors).Field('M')!, StringComparison.Ordinal);
        Assert.Equal("login rejected", (await RefusalAsync(pooler, Roles.Alice)).Message);
        await using var client = await pooler.ClientAsync();
    }

    [Fact]
    public async Task Peer_is_who_the_operating_system_says_and_a_map_may_name_others()
    {
        var system = Environment.UserName;
        var pooler = await StartAsync(
            DataPath.User,
            $"local all {Roles.Alice} peer map=m\nlocal all {system},{Roles.Bob} peer\nhost all all all peer",
            $"m {system} {Roles.Alice}",
            config => config.User(system).Set("unix_socket_dir", "."));
        await using (await UnixClientAsync(pooler, Roles.Alice))
        {
        }

        Assert.Equal("unix socket login rejected", (await UnixRefusalAsync(pooler, Roles.Bob)).Message);
        Assert.Equal("unix socket login rejected", (await RefusalAsync(pooler, Roles.Alice)).Message);
    }

    /// <summary>As PgBouncer: its own user needs no password for the console.</summary>
    [Fact]
    public async Task Owner_of_the_process_may_use_the_console_through_the_unix_socket()
    {
        var pooler = await StartAsync(DataPath.User, "local all all reject", configure: config => config.Set("unix_socket_dir", "."));
        await using var client = await RawClient.ConnectUnixAsync(SocketOf(pooler));
        await client.LoginAsync("pgbouncer", AdminConsole.Database);
        Assert.Equal("RELOAD", Assert.Single((await client.QueryAsync("RELOAD")).Succeeded().Tags));
        Assert.Equal("login rejected", (await UnixRefusalAsync(pooler, "pgbouncer")).Message);
    }

    /// <summary>CVE-2026-6664: lengths inside a SCRAM message that point anywhere.</summary>
    [Fact]
    public async Task Scram_message_with_a_wrong_length_is_refused()
    {
        var pooler = await StartAsync(DataPath.User, "host all all all scram-sha-256");
        foreach (var length in new[] { -1, -2, int.MinValue, int.MaxValue, 100 })
        {
            await using var client = await pooler.ConnectAsync();
            await client.SendAsync(Frontend.Startup([("user", Roles.Scram), ("database", Database)]));
            Assert.Equal('R', (await client.ReadAsync()).Type);
            await client.SendAsync(new WireWriter().Zero("SCRAM-SHA-256").Int32(length).Zero("n,,n=,r=abc").Message('p'));
            Assert.Equal("SASL authentication failed", (await client.ReadAsync()).Field('M'));
        }

        await using var next = await pooler.ClientAsync(Roles.Scram, password: Roles.PasswordOf(Roles.Scram));
    }

    private Task<TiggerProcess> StartAsync(
        DataPath path, string rules, string? maps = null, Action<TiggerConfigBuilder>? configure = null) =>
        StartAsync(
            path,
            config =>
            {
                config.Set("auth_type", "hba").Set("auth_hba_file", HbaFile);
                if (maps is not null)
                    config.Set("auth_ident_file", IdentFile);
                configure?.Invoke(config);
            },
            pooler =>
            {
                File.WriteAllText(Path.Combine(pooler.Home, HbaFile), rules + "\n");
                if (maps is not null)
                    File.WriteAllText(Path.Combine(pooler.Home, IdentFile), maps + "\n");
            });

    private static string SocketOf(TiggerProcess pooler) => Path.Combine(pooler.Home, $".s.PGSQL.{pooler.Port}");

    private static async Task<RawClient> UnixClientAsync(TiggerProcess pooler, string user)
    {
        var client = await RawClient.ConnectUnixAsync(SocketOf(pooler));
        try
        {
            await client.LoginAsync(user, Database);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    private static Task<ServerErrorException> UnixRefusalAsync(TiggerProcess pooler, string user) =>
        Assert.ThrowsAsync<ServerErrorException>(() => UnixClientAsync(pooler, user));

    private static Task<ServerErrorException> RefusalAsync(TiggerProcess pooler, string user, string? password = null) =>
        Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(user, password: password));
}
