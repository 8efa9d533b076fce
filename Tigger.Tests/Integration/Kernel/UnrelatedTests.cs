using System.Net;
using System.Net.Sockets;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Connections of this host that are none of Tigger's business stay as they are.</summary>
public sealed class UnrelatedTests(PostgresServer postgres) : KernelTest(postgres)
{
    [RequiresBpfTheory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task UnrelatedConnection_BesideTigger_NeverEnters(string address)
    {
        var pooler = await StartKernelAsync(poolSize: 2);
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await client.ScalarAsync("SELECT 1");
        var before = await console.CountersAsync();
        for (var i = 0; i < 50; i++)
            await TalkAsync(IPAddress.Parse(address));

        // PostgreSQL's other clients, to the very port that Tigger's own connections go to.
        await using (var direct = await Postgres.ConnectRawAsync(ServerDatabase))
            Assert.Equal("1", await direct.ScalarAsync("SELECT 1"));
        var grown = await KernelCounters.SinceAsync(console, before);
        Assert.Equal(
            (0L, 0L, 0L, 0L, 0L, 0L),
            (grown["client_entered"], grown["server_entered"], grown["enter_failed"], grown["request"], grown["reply"], grown.Escapes));
    }

    private static async Task TalkAsync(IPAddress address)
    {
        using var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen(1);
        using var near = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await near.ConnectAsync(listener.LocalEndPoint!);
        using var far = await listener.AcceptAsync();
        var byteOf = new byte[1];
        await near.SendAsync(new byte[] { (byte)'Q' });
        Assert.Equal(1, await far.ReceiveAsync(byteOf));
        await far.SendAsync(byteOf);
        Assert.Equal(1, await near.ReceiveAsync(byteOf));
    }
}
