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

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.5")]
    [InlineData("::1")]
    public async Task Prepare_BeforeConnecting_KnowsTheAddressTheListenerWillSee(string address)
    {
        IPEndPoint any = new(IPAddress.Parse(address), 0);
        int listener = SocketFactory.Listen(any, backlog: 8, reusePort: false, deferAcceptSeconds: 0);
        var remote = (IPEndPoint)SocketFactory.LocalAddress(listener, any.AddressFamily)!;
        using BoundSocket bound = SocketFactory.Prepare(remote);
        IPEndPoint? local = bound.Local;
        AsyncSocket client = new(First, bound.Connect());
        Assert.Equal(0, await client.ConnectedAsync(Limit));
        EndPoint? peer = null;
        int accepted = -1;
        await Eventually.TrueAsync(() => (accepted = SocketFactory.Accept(listener, any.AddressFamily, out peer)) >= 0, "accept");
        Assert.NotEqual(0, local!.Port);
        Assert.Equal(local, peer);
        Assert.Equal(local, bound.Local);
        client.Socket.Close();
        SocketFactory.Close(accepted);
        SocketFactory.Close(listener);
    }

    /// <summary>A port that is bound twice with SO_REUSEADDR can still be refused when it connects.</summary>
    [Fact]
    public async Task Connect_AddressWillNotDo_ConnectsFromAnother()
    {
        int listener = SocketFactory.Listen(Loopback, backlog: 8, reusePort: false, deferAcceptSeconds: 0);
        var remote = (IPEndPoint)SocketFactory.LocalAddress(listener, AddressFamily.InterNetwork)!;
        using Socket first = Reusing(new IPEndPoint(IPAddress.Loopback, 0));
        var local = (IPEndPoint)first.LocalEndPoint!;
        Socket second = Reusing(local);
        await first.ConnectAsync(remote, Limit);
        using BoundSocket bound = new(TakeDescriptor(second), remote, local);
        AsyncSocket client = new(First, bound.Connect());
        Assert.Equal(0, await client.ConnectedAsync(Limit));
        Assert.Null(bound.Local);
        Assert.NotEqual(local, SocketFactory.LocalAddress(client.Socket.Descriptor, AddressFamily.InterNetwork));
        client.Socket.Close();
        SocketFactory.Close(listener);
    }

    [Fact]
    public void Prepare_NotConnected_ClosesItsSocket()
    {
        IPEndPoint local;
        using (BoundSocket bound = SocketFactory.Prepare(new IPEndPoint(IPAddress.Loopback, 9)))
        {
            local = bound.Local!;
            Assert.Throws<IOException>(() => SocketFactory.Listen(local, backlog: 1, reusePort: false, deferAcceptSeconds: 0));
        }

        SocketFactory.Close(SocketFactory.Listen(local, backlog: 1, reusePort: false, deferAcceptSeconds: 0));
    }

    /// <summary>The descriptor without the object that would close it.</summary>
    private static int TakeDescriptor(Socket socket)
    {
        int descriptor = (int)socket.Handle;
        socket.SafeHandle.SetHandleAsInvalid();
        return descriptor;
    }

    private static Socket Reusing(IPEndPoint local)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(local);
        return socket;
    }
}
