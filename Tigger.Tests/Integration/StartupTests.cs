using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>The first packets of a connection: polite, unusual and rude ones; and every kind of address.</summary>
public sealed class StartupTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachLocalDataPath]
    public async Task Requests_for_encryption_are_declined_and_login_goes_on(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ConnectAsync();
        await client.SendAsync(Frontend.GssEncRequest);
        Assert.Equal('N', await client.ReadByteAsync());
        await client.SendAsync(Frontend.SslRequest);
        Assert.Equal('N', await client.ReadByteAsync());
        await client.LoginAsync(Roles.Superuser, Database);
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachLocalDataPath(Frontend.Version32, false)]
    [EachLocalDataPath(Frontend.VersionGrease, true)]
    [EachLocalDataPath(Frontend.Version30, true)]
    public async Task Newer_protocol_is_negotiated_down_to_3_0(DataPath path, int version, bool withOption)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ConnectAsync();
        (string, string)[] options = withOption ? [("_pq_.test_option", "on")] : [];
        await client.LoginAsync(Roles.Superuser, Database, parameters: options, version: version);
        Assert.NotNull(client.Negotiation);
        Assert.Equal(Frontend.Version30, client.Negotiation.Int32());
        Assert.Equal(options.Length, client.Negotiation.Int32(4));
        if (withOption)
            Assert.Equal("_pq_.test_option", client.Negotiation.Text(8));
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Startup_packet_may_come_byte_by_byte(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ConnectAsync();
        var startup = Frontend.Startup([("user", Roles.Superuser), ("database", Database)]);
        await client.SendInPiecesAsync(startup, 1, TimeSpan.FromMilliseconds(1));
        await client.FinishLoginAsync(Roles.Superuser);
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachLocalDataPath("00000000")]
    [EachLocalDataPath("00000003000300")]
    [EachLocalDataPath("FFFFFFFF00030000")]
    [EachLocalDataPath("7FFFFFFF00030000")]
    [EachLocalDataPath("0000000800000000")]
    [EachLocalDataPath("0000000800020000")]
    [EachLocalDataPath("0000000900040000FF")]
    [EachLocalDataPath("0000000F00030000757365720061")]
    [EachLocalDataPath("000000080003000000")]
    [EachLocalDataPath("474554202F20485454502F312E310D0A486F73743A20780D0A0D0A")]
    [EachLocalDataPath("16030100C8010000C40303")]
    public async Task Garbage_is_hung_up_on_and_harms_nobody(DataPath path, string hex)
    {
        var pooler = await StartAsync(path, config => config.Set("client_login_timeout", 2));
        await using (var rude = await pooler.ConnectAsync())
        {
            await rude.SendAsync(Convert.FromHexString(hex));
            Assert.All(await rude.ReadToEndAsync(), message => Assert.Equal('E', message.Type));
        }

        await using var client = await pooler.ClientAsync();
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachLocalDataPath(0)]
    [EachLocalDataPath(3)]
    [EachLocalDataPath(12)]
    public async Task Silence_ends_at_client_login_timeout(DataPath path, int bytesSent)
    {
        // With TCP_DEFER_ACCEPT the kernel keeps a client that says nothing to itself, for up to 45 s.
        var pooler = await StartAsync(path, config => config.Set("client_login_timeout", 1).Set("tcp_defer_accept", 0));
        await using var client = await pooler.ConnectAsync();
        await client.SendAsync(Frontend.Startup([("user", Roles.Superuser), ("database", Database)]).AsMemory(0, bytesSent));
        Assert.All(await client.ReadToEndAsync(), message => Assert.Contains("client_login_timeout", message.Field('M')!, StringComparison.Ordinal));
        await pooler.Log.WaitForAsync("client_login_timeout");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Password_that_never_comes_ends_at_client_login_timeout(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("client_login_timeout", 1).Set("auth_type", "md5"));
        await using var client = await pooler.ConnectAsync();
        await client.SendAsync(Frontend.Startup([("user", Roles.Md5), ("database", Database)]));
        Assert.Equal('R', (await client.ReadAsync()).Type);
        var rest = await client.ReadToEndAsync();
        Assert.Equal("client_login_timeout", Assert.Single(rest).Field('M'));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Unix_socket_leads_to_the_pool(DataPath path)
    {
        var pooler = await StartAsync(path, prepare: made => made.Config.Set("unix_socket_dir", made.Home));
        await using var client = await RawClient.ConnectUnixAsync($"{pooler.Home}/.s.PGSQL.{pooler.Port}");
        await client.LoginAsync(Roles.Superuser, Database);
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
        var psql = await PgTools.PsqlAsync(pooler.Port, Database, Roles.Superuser, "SELECT 2", host: pooler.Home);
        Assert.Equal("2", psql.Succeeded().Output);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Abstract_socket_leads_to_the_pool(DataPath path)
    {
        var pooler = await StartAsync(path, prepare: made => made.Config.Set("unix_socket_dir", $"@tigger-test-{made.Port}"));
        await using var client = await RawClient.ConnectUnixAsync($"@tigger-test-{pooler.Port}/.s.PGSQL.{pooler.Port}");
        await client.LoginAsync(Roles.Superuser, Database);
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Unix_socket_to_the_server_works(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Database(Database, ("host", Postgres.SocketDirectory)));
        await using var client = await pooler.ClientAsync();
        Assert.Null(await client.ScalarAsync("SELECT inet_client_addr()"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Ipv6_works_on_both_sides(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("listen_addr", "127.0.0.1,::1").Database(Database, ("host", "::1")));
        await using var client = await RawClient.ConnectTcpAsync("::1", pooler.Port);
        await client.LoginAsync(Roles.Superuser, Database);
        Assert.Equal("::1", await client.ScalarAsync("SELECT host(inet_client_addr())"));
    }
}
