using System.Net;
using Microsoft.Extensions.Logging;
using Tigger.Net;
using Tigger.Sessions;
using Tigger.Telemetry;

namespace Tigger.Listening;

/// <summary>Accepts the clients of one address and starts their logins; each connection goes to the next loop.</summary>
public sealed partial class ClientListener : ISocketHandler, IDisposable
{
    private static readonly TimeSpan BackOff = TimeSpan.FromMilliseconds(100);

    private readonly EventLoops _loops;
    private readonly SessionServices _services;
    private readonly LoopSocket _socket;
    private readonly Timer _retry;
    private readonly Lock _lock = new();

    /// <summary>Takes the listening descriptor over; accepts from now on.</summary>
    public ClientListener(ListenEndpoint endpoint, int descriptor, EventLoops loops, SessionServices services)
    {
        Endpoint = endpoint;
        _loops = loops;
        _services = services;
        _retry = new Timer(_ => AcceptAll());
        EventLoop loop = loops.Next();
        _socket = new LoopSocket(loop, descriptor, this);
        loop.Register(_socket);
        LogListening(services.Logger, endpoint);
    }

    public ListenEndpoint Endpoint { get; }

    public int Descriptor => _socket.Descriptor;

    public void OnReady(SocketEvents events) => AcceptAll();

    /// <summary>The setting <c>tcp_defer_accept</c>, changed by a reload or SET.</summary>
    internal void DeferAccept(int seconds)
    {
        lock (_lock)
        {
            if (_socket.IsOpen && !Endpoint.IsUnix)
            {
                SocketFactory.DeferAccept(_socket.Descriptor, seconds);
            }
        }
    }

    /// <summary>Accepts no more and gives the descriptor out; the socket's file stays.</summary>
    internal int Detach()
    {
        lock (_lock)
        {
            _retry.Dispose();
            return _socket.Detach();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _socket.Close();
        }

        _retry.Dispose();
        if (Endpoint.SocketFile is { } file)
        {
            File.Delete(file);
        }
    }

    private void AcceptAll()
    {
        lock (_lock)
        {
            while (_socket.IsOpen)
            {
                int descriptor = SocketFactory.Accept(_socket.Descriptor, Endpoint.Address.AddressFamily, out EndPoint? peer);
                if (descriptor >= 0)
                {
                    StartLogin(descriptor, peer);
                    continue;
                }

                switch (AcceptErrorPolicy.For(-descriptor))
                {
                    case AcceptErrorAction.Done:
                        return;
                    case AcceptErrorAction.BackOff:
                        // No descriptors left: the pending connection stays in the kernel's queue, no edge will tell of it again.
                        LogBackOff(_services.Logger, Endpoint, SocketFailure.Describe(-descriptor));
                        _retry.Change(BackOff, Timeout.InfiniteTimeSpan);
                        return;
                }
            }
        }
    }

    private void StartLogin(int descriptor, EndPoint? peer)
    {
        SocketFactory.Tune(descriptor, Endpoint.Address.AddressFamily, SocketOptions.From(_services.Config));
        EndPoint? local = SocketFactory.LocalAddress(descriptor, Endpoint.Address.AddressFamily);
        AsyncSocket socket = new(_loops.Next(), descriptor);
        ClientConnection client = new(
            _services.Sessions.NextId(),
            new MessageStream(socket),
            peer as IPEndPoint,
            local as IPEndPoint,
            _services.Clock.GetTimestamp());
        _services.Sessions.ConnectionOpened();
        _services.Registry.Counters.Count(PoolerCounter.ClientAccepted);

        // Off the loop: a login may compute for milliseconds.
        ThreadPool.UnsafeQueueUserWorkItem(static login => _ = login.RunAsync(), new ClientLogin(_services, client), preferLocal: false);
    }

    [LoggerMessage(1000, LogLevel.Information, "listening on {Endpoint}")]
    private static partial void LogListening(ILogger logger, ListenEndpoint endpoint);

    [LoggerMessage(1001, LogLevel.Error, "accept on {Endpoint}: {Reason}; trying again shortly")]
    private static partial void LogBackOff(ILogger logger, ListenEndpoint endpoint, string reason);
}
