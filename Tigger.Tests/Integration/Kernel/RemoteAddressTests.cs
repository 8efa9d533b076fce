using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Hosts that know each other by IPv6 addresses, or by IPv4 addresses in IPv6 sockets, are on the kernel path like those of IPv4.</summary>
public sealed class RemoteAddressTests(PostgresServer postgres) : KernelTest(postgres)
{
    [Theory]
    [EachRemoteKernelPath(false)]
    [EachRemoteKernelPath(true)]
    public async Task Queries_over_IPv6_stay_in_the_kernel(DataPath path, bool mapped)
    {
        var topology = Topology.Of(path);
        var poolerHost = mapped ? Mapped(topology.PoolerHost) : path switch
        {
            DataPath.KernelRemoteClient => RemoteHost.NearAddress6,
            DataPath.KernelRemote => RemoteHost.FarAddress6,
            _ => "::1",
        };
        var serverHost = mapped ? Mapped(topology.ServerHost) : path == DataPath.KernelRemoteClient ? "::1" : RemoteHost.NearAddress6;
        var pooler = await StartKernelAsync(
            2,
            config => config.Set("listen_addr", mapped ? [topology.PoolerHost] : new[] { topology.PoolerHost, poolerHost }).Database(Database, ("host", serverHost)),
            path);
        await using var client = await RawClient.ConnectTcpAsync(poolerHost, pooler.Port, topology.Clients);
        await client.LoginAsync(Roles.Superuser, Database);
        await using var console = await pooler.AdminAsync();
        await EnterKernelAsync(console, client);
        var before = await KernelCounters.ReadAsync(console);
        for (var i = 0; i < 20; i++)
            Assert.Equal($"{i}", await client.ScalarAsync($"SELECT {i}"));
        var grown = await KernelCounters.SinceAsync(console, before);
        Assert.True(grown["request"] >= 20 && grown["reply"] >= 20 && grown.Escapes == 0, $"{grown}");
    }
    private static string Mapped(string address) => $"::ffff:{address}";
}
