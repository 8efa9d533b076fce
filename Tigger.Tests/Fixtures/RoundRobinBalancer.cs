using System.Net;
using System.Net.Sockets;

namespace Tigger.Tests.Fixtures;

/// <summary>A load balancer for TCP, as dumb as they come: each connection to the next address, bytes passed on unread.</summary>
public sealed class RoundRobinBalancer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly IReadOnlyList<IPEndPoint> _behind;
    private readonly Task _accepting;

    public RoundRobinBalancer(params IReadOnlyList<IPEndPoint> behind)
        : this(IPAddress.Loopback, behind)
    {
    }

    /// <param name="address">Where it listens; in another network if it is made there. It connects from ours.</param>
    /// <param name="behind">Whereto.</param>
    public RoundRobinBalancer(IPAddress address, IReadOnlyList<IPEndPoint> behind)
    {
        _listener = new TcpListener(address, 0);
        _behind = behind;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Task<RawClient> ConnectAsync() => RawClient.ConnectTcpAsync("127.0.0.1", Port);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        for (var next = 0; ; next++)
        {
            Socket near;
            try
            {
                near = await _listener.AcceptSocketAsync();
            }
            catch (SocketException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            _ = ServeAsync(near, _behind[next % _behind.Count]);
        }
    }

    private static async Task ServeAsync(Socket near, IPEndPoint address)
    {
        using Socket far = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (near)
        {
            near.NoDelay = true;
            try
            {
                await far.ConnectAsync(address);
                await Task.WhenAll(PumpAsync(near, far), PumpAsync(far, near));
            }
            catch (SocketException)
            {
                // One side hung up: disposing tells the other.
            }
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer) is > 0 and var read)
            await to.SendAsync(buffer.AsMemory(0, read));
        to.Shutdown(SocketShutdown.Send);
    }
}
