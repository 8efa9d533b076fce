using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Hosts that know each other by IPv6 addresses are on the kernel path like those of IPv4.</summary>
public sealed class RemoteAddressTests(PostgresServer postgres) : KernelTest(postgres)
{
    [Theory]
    [EachRemoteKernelPath]
    public async Task Queries_over_IPv6_stay_in_the_kernel(DataPath path)
    {
        var poolerHost = path switch
        {
            DataPath.KernelRemoteClient => RemoteHost.NearAddress6,
            DataPath.KernelRemote => RemoteHost.FarAddress6,
            _ => "::1",
        };
        var pooler = await StartKernelAsync(
            2,
            config => config.Set("listen_addr", new[] { Topology.Of(path).PoolerHost, poolerHost })
                .Database(Database, ("host", path == DataPath.KernelRemoteClient ? "::1" : RemoteHost.NearAddress6)),
            path);
        await using var client = await RawClient.ConnectTcpAsync(poolerHost, pooler.Port, Topology.Of(path).Clients);
        await client.LoginAsync(Roles.Superuser, Database);
        await using var console = await pooler.AdminAsync();
        await EnterKernelAsync(console, client);
        var before = await KernelCounters.ReadAsync(console);
        for (var i = 0; i < 20; i++)
            Assert.Equal($"{i}", await client.ScalarAsync($"SELECT {i}"));
        var grown = await KernelCounters.SinceAsync(console, before);
        Assert.True(grown["request"] >= 20 && grown["reply"] >= 20 && grown.Escapes == 0, $"{grown}");
    }
}
