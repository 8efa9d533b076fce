using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Several poolers behind one address: a cancel request finds its client, whichever of them gets it.</summary>
public sealed class PeeringTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string Cancelled = "57014";

    [Theory]
    [EachLocalDataPath]
    public async Task Cancel_request_is_forwarded_to_the_peer_that_has_the_client(DataPath path)
    {
        var first = await StartAsync(path, config => config.Set("peer_id", 1));
        var second = await StartAsync(path, config => config.Set("peer_id", 2).Peer(1, ("host", first.Host), ("port", first.Port)));
        await using var client = await first.ClientAsync();
        Assert.True(client.Pid > 0, $"process id {client.Pid}");
        await client.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
        await WaitForSleeperAsync();
        await second.CancelAsync(client.Pid, client.Secret);
        Assert.Equal(Cancelled, (await client.ReadReplyAsync()).SqlState);

        await using var admin = await second.AdminAsync();
        var peer = Assert.Single(await admin.ShowAsync("PEERS"));
        Assert.Equal(("1", first.Host, $"{first.Port}", "20"), (peer["peer_id"], peer["host"], peer["port"], peer["pool_size"]));
        var pool = Assert.Single(await admin.ShowAsync("PEER_POOLS"));
        Assert.Equal(("1", "0", "0"), (pool["peer_id"], pool["cl_active_cancel_req"], pool["sv_login"]));
        Assert.Equal(1, (await admin.CountersAsync())["cancel_forwarded"]);
    }

    /// <summary>Two that take each other for the owner would send it to and fro for ever.</summary>
    [Fact]
    public async Task A_request_is_not_forwarded_in_circles()
    {
        const int Nobody = 9;
        var first = await StartAsync(DataPath.User, config => config.Set("peer_id", 1));
        var second = await StartAsync(DataPath.User, config => config.Set("peer_id", 2).Peer(Nobody, ("host", first.Host), ("port", first.Port)));
        first.Config.Peer(Nobody, ("host", second.Host), ("port", second.Port));
        (await first.ReloadAsync()).Succeeded();
        await first.CancelAsync((Nobody << 16) | 77, [1, 2, 3, 0xff]);
        await Eventually.TrueAsync(() => second.Log.Contains("its TTL was exhausted"), "the last of them gives up");
        Assert.Equal((2, 1), (await ForwardedAsync(first), await ForwardedAsync(second)));
    }

    [Fact]
    public async Task A_peer_that_is_unknown_or_silent_harms_nobody()
    {
        await using var silent = FakePostgres.Start(server => server.HangAsync());
        var pooler = await StartAsync(DataPath.User, config => config
            .Set("peer_id", 1).Set("cancel_wait_timeout", 1).Peer(2, ("host", "127.0.0.1"), ("port", silent.Port), ("pool_size", 1)));
        await using var client = await pooler.ClientAsync();
        await pooler.CancelAsync((3 << 16) | 1, client.Secret);
        Assert.True(pooler.Log.Contains("could not find peer to forward request to"), pooler.Log.Text);
        await Task.WhenAll(pooler.CancelAsync(2 << 16, client.Secret), pooler.CancelAsync(2 << 16, client.Secret));
        Assert.True(pooler.Log.Contains("not forwarded to peer 2: cancel_wait_timeout"), pooler.Log.Text);
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    /// <summary>As in a rolling restart: the old process listens on its Unix socket only, the new one has the port.</summary>
    [Fact]
    public async Task A_pooler_that_waits_for_its_clients_still_gets_their_cancel_requests()
    {
        using var directory = new TempDirectory("sock");
        var old = await StartAsync(DataPath.User, config => config
            .Set("peer_id", 1).Set("so_reuseport", true).Set("unix_socket_dir", directory.Path));
        await using var client = await old.ClientAsync();
        var next = await StartAsync(DataPath.User, config => config
            .Set("peer_id", 2).Peer(1, ("host", directory.Path), ("port", old.Port)));
        await client.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
        await WaitForSleeperAsync();
        old.Send(Signal.Term);
        await old.Log.WaitForAsync("got SIGTERM");
        await next.CancelAsync(client.Pid, client.Secret);
        Assert.Equal(Cancelled, (await client.ReadReplyAsync()).SqlState);

        await using var late = await RawClient.ConnectUnixAsync($"{directory.Path}/.s.PGSQL.{old.Port}");
        var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => late.LoginAsync(Roles.Superuser, Database));
        Assert.Equal("57P01", refusal.SqlState);
        await client.DisposeAsync();
        Assert.Equal(0, await old.WaitForExitAsync());
    }

    /// <summary>The key is a secret: it goes over the net as connections to PostgreSQL do.</summary>
    [Theory]
    [InlineData("allow")]
    [InlineData("disable")]
    public async Task Key_goes_to_a_peer_by_tls_where_that_is_required(string peerMode)
    {
        using var certificates = new TestCertificates();
        var server = certificates.Server();
        var first = await StartAsync(DataPath.User, config =>
        {
            config.Set("peer_id", 1);
            if (peerMode != "disable")
                config.Set("client_tls_sslmode", peerMode).Set("client_tls_cert_file", server.Certificate).Set("client_tls_key_file", server.Key);
        });
        var second = await StartAsync(DataPath.User, config => config
            .Set("peer_id", 2).Set("server_tls_sslmode", "verify-full").Set("server_tls_ca_file", certificates.AuthorityFile)
            .Peer(1, ("host", first.Host), ("port", first.Port)));
        await using var client = await first.ClientAsync();
        await client.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
        await WaitForSleeperAsync();
        await second.CancelAsync(client.Pid, client.Secret);
        if (peerMode == "disable")
        {
            await second.Log.WaitForAsync("not forwarded to peer 1: server refused SSL");
            await first.CancelAsync(client.Pid, client.Secret);
        }

        Assert.Equal(Cancelled, (await client.ReadReplyAsync()).SqlState);
    }

    private Task WaitForSleeperAsync() =>
        Eventually.EqualAsync(1, () => Postgres.CountBackendsAsync(ServerDatabase, "wait_event = 'PgSleep'"), "sleeping backends");

    private static async Task<long> ForwardedAsync(TiggerProcess pooler)
    {
        await using var admin = await pooler.AdminAsync();
        return (await admin.CountersAsync())["cancel_forwarded"];
    }
}
