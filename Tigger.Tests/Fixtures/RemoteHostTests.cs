namespace Tigger.Tests.Fixtures;

/// <summary>The fixture itself: what the tests with remote ends take for granted.</summary>
public sealed class RemoteHostTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string ClientAddress = "SELECT host(inet_client_addr())";

    [Theory]
    [EachDataPath]
    public async Task Ends_are_where_the_data_path_says(DataPath path)
    {
        var (client, pooler) = path switch
        {
            DataPath.KernelRemoteClient => (RemoteHost.FarAddress, Topology.Loopback),
            DataPath.KernelRemoteServer => (Topology.Loopback, RemoteHost.FarAddress),
            DataPath.KernelRemote => (RemoteHost.NearAddress, RemoteHost.FarAddress),
            _ => (Topology.Loopback, Topology.Loopback),
        };
        var started = await StartAsync(path);
        await using var connection = await started.ClientAsync();
        Assert.Equal(pooler, await connection.ScalarAsync(ClientAddress));
        var tool = await started.RunToolAsync("psql", ["-X", "-q", "-A", "-t", "-c", ClientAddress]);
        Assert.Equal(pooler, tool.Succeeded().Output);
        await using var admin = await started.AdminAsync();
        Assert.Equal(client, (await admin.ShowAsync("CLIENTS")).Single(row => row["database"] == Database)["addr"]);
        Assert.Equal(path is DataPath.KernelRemoteServer or DataPath.KernelRemote, NetworkOf($"{started.Pid}") != NetworkOf("thread-self"));
    }

    [RequiresBpfFact]
    public async Task Network_has_ipv6_and_is_left_again()
    {
        Assert.SkipWhen(RemoteHost.SkipReason is not null, $"{RemoteHost.SkipReason}");
        var home = NetworkOf("thread-self");
        Assert.NotEqual(home, RemoteHost.Network.Run(() => NetworkOf("thread-self")));
        Assert.Throws<InvalidOperationException>(() => RemoteHost.Network.Run<int>(() => throw new InvalidOperationException("inside")));
        Assert.Equal(home, NetworkOf("thread-self"));

        await using var client = await RawClient.ConnectTcpAsync(RemoteHost.NearAddress6, Postgres.Port, RemoteHost.Network);
        await client.LoginAsync(Roles.Trust, ServerDatabase);
        Assert.Equal(RemoteHost.FarAddress6, await client.ScalarAsync(ClientAddress));
    }

    private static string? NetworkOf(string task) => new FileInfo($"/proc/{task}/ns/net").LinkTarget;
}
