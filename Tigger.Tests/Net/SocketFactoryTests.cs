using System.Net;
using System.Net.Sockets;
using Tigger.Net;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Net;

public sealed class SocketFactoryTests : LoopTest
{
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task Accept_ConnectedClient_KnowsBothAddressesAndCarriesBytes()
    {
        int listener = SocketFactory.Listen(Loopback, backlog: 8, reusePort: false, deferAcceptSeconds: 0);
        EndPoint address = SocketFactory.LocalAddress(listener, AddressFamily.InterNetwork)!;
        AsyncSocket client = new(First, SocketFactory.Connect(address));
        Assert.Equal(0, await client.ConnectedAsync(Limit));
        EndPoint? peer = null;
        int accepted = -1;
        await Eventually.TrueAsync(() => (accepted = SocketFactory.Accept(listener, AddressFamily.InterNetwork, out peer)) >= 0, "accept");

        AsyncSocket server = new(Second, accepted);
        Assert.Equal(SocketFactory.LocalAddress(client.Socket.Descriptor, AddressFamily.InterNetwork), peer);
        Assert.Equal(address, SocketFactory.LocalAddress(accepted, AddressFamily.InterNetwork));
        byte[] got = new byte[1];
        await client.SendAsync(new byte[] { 9 }, Limit);
        Assert.Equal((1, 9), (await server.ReceiveAsync(got, Limit), got[0]));
        client.Socket.Close();
        server.Socket.Close();
        SocketFactory.Close(listener);
    }

    [Fact]
    public void Accept_NobodyThere_WouldBlock()
    {
        int listener = SocketFactory.Listen(Loopback, backlog: 8, reusePort: false, deferAcceptSeconds: 0);
        Assert.Equal(LoopSocket.WouldBlock, SocketFactory.Accept(listener, AddressFamily.InterNetwork, out EndPoint? peer));
        Assert.Null(peer);
        SocketFactory.Close(listener);
    }

    [Fact]
    public void Listen_AddressInUse_SaysWhichCallFailed()
    {
        int listener = SocketFactory.Listen(Loopback, backlog: 8, reusePort: false, deferAcceptSeconds: 0);
        EndPoint taken = SocketFactory.LocalAddress(listener, AddressFamily.InterNetwork)!;
        IOException fault = Assert.Throws<IOException>(() => SocketFactory.Listen(taken, backlog: 8, reusePort: false, deferAcceptSeconds: 0));
        Assert.Equal("bind: Address already in use", fault.Message);
        SocketFactory.Close(listener);
    }

    [Fact]
    public async Task Connect_NobodyListens_EndsWithAnErrorNumber()
    {
        const int ConnectionRefused = 111;
        AsyncSocket client = new(First, SocketFactory.Connect(new IPEndPoint(IPAddress.Loopback, FreePort.Next())));
        Assert.Equal(ConnectionRefused, await client.ConnectedAsync(Limit));
        client.Socket.Close();
    }
}
