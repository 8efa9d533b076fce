using System.Net.Sockets;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Only plain TCP is the kernel's: other connections are served beside it, and never enter a map. TLS has tests of its own.</summary>
public sealed class OutsideKernelTests(PostgresServer postgres) : KernelTest(postgres)
{
    private const ProtocolType Mptcp = (ProtocolType)262;

    [Theory]
    [EachKernelPath]
    public async Task Clients_of_the_Unix_socket_share_the_pool_and_stay_outside(DataPath path)
    {
        var pooler = await StartKernelAsync(1, config => config.Set("unix_socket_dir", "."), path);
        await using var other = await RawClient.ConnectUnixAsync(Path.Combine(pooler.Home, $".s.PGSQL.{pooler.Port}"));
        await other.LoginAsync(Roles.Superuser, Database);
        await AssertStaysOutsideAsync(pooler, other, entersItself: false);
    }

    /// <summary>
    /// An application's MPTCP socket is never ours to work on. Our end of its connection, where it is on another host, is plain TCP,
    /// because nothing here listens for MPTCP.
    /// </summary>
    [Theory]
    [EachKernelPath]
    public async Task Clients_with_MPTCP_share_the_pool_and_their_sockets_stay_outside(DataPath path)
    {
        var pooler = await StartKernelAsync(1, path: path);
        await using var other = await TryConnectMptcpAsync(pooler);
        if (other is null)
            return; // A kernel without it has nothing to guard against.
        await other.LoginAsync(Roles.Superuser, Database);
        await AssertStaysOutsideAsync(pooler, other, entersItself: path is DataPath.KernelRemoteClient or DataPath.KernelRemote);
    }

    private static async Task<RawClient?> TryConnectMptcpAsync(TiggerProcess pooler)
    {
        try
        {
            return await RawClient.ConnectTcpAsync(pooler.Host, pooler.Port, pooler.Topology.Clients, Mptcp);
        }
        catch (SocketException fault) when (fault.SocketErrorCode is SocketError.ProtocolNotSupported or SocketError.ProtocolOption)
        {
            return null;
        }
    }

    private async Task AssertStaysOutsideAsync(TiggerProcess pooler, RawClient other, bool entersItself)
    {
        await using var console = await pooler.AdminAsync();
        await using var plain = await pooler.ClientAsync();
        await EnterKernelAsync(console, plain);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal($"o{i}", await other.ScalarAsync($"SELECT 'o{i}'"));
            Assert.Equal($"p{i}", await plain.ScalarAsync($"SELECT 'p{i}'"));
        }

        Assert.Equal(new string('x', 1_000_000), await other.ScalarAsync("SELECT repeat('x', 1000000)"));
        var before = await KernelCounters.ReadAsync(console);
        for (var i = 0; i < 20; i++)
            Assert.Equal($"{i}", await other.ScalarAsync($"SELECT {i}"));
        if (!entersItself)
            Assert.Equal(0, (await KernelCounters.SinceAsync(console, before))["request"]);
        await AssertBalanceAsync(pooler, console, 1);
    }
}
