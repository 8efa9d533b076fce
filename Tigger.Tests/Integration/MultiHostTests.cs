using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Databases with several hosts: whose turn it is, who is skipped, who has the role that is wanted.</summary>
public sealed class MultiHostTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string Port = "SELECT inet_server_port()";

    private const string Twice = $"{Topology.Loopback},{Topology.Loopback}";

    [Fact]
    public async Task Round_robin_uses_all_hosts_and_disable_one()
    {
        await using var other = await PostgresServer.StartPrivateAsync();
        var pooler = await StartAsync(DataPath.User, config => config
            .Database("all", ("host", Twice), ("port", $"{Postgres.Port},{other.Port}"), ("dbname", "p0"))
            .Database("one", ("host", Twice), ("port", $"{other.Port},{Postgres.Port}"), ("dbname", "p0"), ("load_balance_hosts", "disable")));
        var ports = await PortsAsync(pooler, "all", 4);
        Assert.Equal(2, ports.Count(port => port == Postgres.Port));
        Assert.Equal(2, ports.Count(port => port == other.Port));
        Assert.Equal([other.Port, other.Port, other.Port], await PortsAsync(pooler, "one", 3));
    }

    [Fact]
    public async Task A_host_where_nobody_listens_is_skipped()
    {
        var pooler = await StartAsync(DataPath.User, config => config
            .Database("db", ("host", Twice), ("port", $"{FreePort.Next()},{Postgres.Port}")));
        Assert.Equal([Postgres.Port, Postgres.Port, Postgres.Port], await PortsAsync(pooler, Database, 3));
    }

    [Fact]
    public async Task A_host_that_does_not_answer_costs_one_timeout()
    {
        await using var silent = FakePostgres.Start(server => server.HangAsync());
        var pooler = await StartAsync(DataPath.User, config => config
            .Set("server_connect_timeout", 1)
            .Set("server_login_retry", 600)
            .Database("db", ("host", Twice), ("port", $"{silent.Port},{Postgres.Port}"), ("load_balance_hosts", "disable")));
        Assert.Equal([Postgres.Port, Postgres.Port, Postgres.Port], await PortsAsync(pooler, Database, 3));
    }

    [Fact]
    public async Task Servers_have_the_role_that_is_wanted_and_follow_a_promotion()
    {
        await using var standby = await PostgresServer.StartPrivateAsync();
        await standby.BecomeStandbyAsync();
        string[] roles = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"];
        var pooler = await StartAsync(DataPath.User, config =>
        {
            config.Set("query_wait_timeout", 2);
            foreach (var role in roles)
                config.Database(role, ("host", Twice), ("port", $"{Postgres.Port},{standby.Port}"), ("dbname", "p0"), ("target_session_attrs", role));
            config.Database("none", ("host", PostgresServer.Host), ("port", standby.Port), ("dbname", "p0"), ("target_session_attrs", "primary"));
        });
        foreach (var role in roles[1..])
        {
            var wanted = role is "read-write" or "primary" ? Postgres.Port : standby.Port;
            Assert.Equal([wanted, wanted, wanted], await PortsAsync(pooler, role, 3));
        }

        var refusal = await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(database: "none"));
        Assert.Contains("server is in hot standby mode", refusal.Message, StringComparison.Ordinal);

        await standby.ScalarAsync<bool>("SELECT pg_promote()");
        // The login that was refused is repeated after a pause only.
        await Eventually.EqualAsync($"{standby.Port}", () => ServerPortAsync(pooler, "none"), "the new primary serves");

        // The old servers tell of the promotion with their next answer, and nobody gets them after it.
        await Eventually.EqualAsync(null, () => ServerPortAsync(pooler, "standby"), "no standby is left");
    }

    [Fact]
    public async Task Before_version_14_the_server_is_asked()
    {
        await using var old = FakePostgres.Start(async server =>
        {
            await server.LoginAsync();
            await server.ReadQueryAsync("SELECT pg_catalog.pg_is_in_recovery()");
            await server.SendAsync(Backend.Result("t"));
            await server.ReadQueryAsync("SHOW transaction_read_only");
            await server.SendAsync(Backend.Result("on"));
            await server.HangAsync();
        });
        var pooler = await StartAsync(DataPath.User, config => config
            .Database("db", ("host", Twice), ("port", $"{old.Port},{Postgres.Port}"), ("target_session_attrs", "read-write")));
        Assert.Equal([Postgres.Port], await PortsAsync(pooler, Database, 1));
        Assert.Equal(1, old.Accepted);
    }

    [Fact]
    public async Task Show_dns_hosts_has_the_names_in_use()
    {
        var pooler = await StartAsync(DataPath.User, config => config.Database("db", ("host", "localhost")).Set("dns_max_ttl", 1000));
        await using var admin = await pooler.AdminAsync();
        Assert.Empty(await admin.ShowAsync("DNS_HOSTS"));
        await using var client = await pooler.ClientAsync();
        var row = Assert.Single(await admin.ShowAsync("DNS_HOSTS"));
        Assert.Equal("localhost", row["hostname"]);
        Assert.InRange(int.Parse(row["ttl"]!, System.Globalization.CultureInfo.InvariantCulture), 900, 1000);
        Assert.Matches(@"^(127\.0\.0\.1:0|\[::1\]:0)", row["addrs"]);
    }

    private static async Task<string?> ServerPortAsync(TiggerProcess pooler, string database)
    {
        try
        {
            await using var client = await pooler.ClientAsync(database: database);
            var reply = await client.QueryAsync(Port);
            return reply.SqlState is null ? reply.Scalar : null;
        }
        catch (Exception refusal) when (refusal is ServerErrorException or EndOfStreamException)
        {
            return null;
        }
    }

    /// <summary>The ports of the servers of so many clients in transactions at once.</summary>
    private static async Task<IReadOnlyList<int>> PortsAsync(TiggerProcess pooler, string database, int clients)
    {
        var ports = new List<int>();
        var open = new List<RawClient>();
        for (var i = 0; i < clients; i++)
        {
            open.Add(await pooler.ClientAsync(database: database));
            (await open[^1].QueryAsync("BEGIN")).Succeeded();
            ports.Add(int.Parse((await open[^1].ScalarAsync(Port))!, System.Globalization.CultureInfo.InvariantCulture));
        }

        foreach (var client in open)
        {
            (await client.QueryAsync("COMMIT")).Succeeded();
            await client.DisposeAsync();
        }

        return ports;
    }
}
