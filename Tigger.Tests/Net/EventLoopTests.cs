using Microsoft.Extensions.Logging.Abstractions;
using Tigger.Net;
using Tigger.Tests.Fixtures;
using LibC = Tigger.Net.LibC;

namespace Tigger.Tests.Net;

/// <summary>
/// The loops are started after the sockets were made ready, so that the first wait returns all events in one batch: what
/// happens then is the same in every run.
/// </summary>
public sealed class EventLoopTests : IDisposable
{
    private readonly EventLoop _loop = new(0, NullLogger.Instance);
    private readonly List<LoopSocket> _sockets = [];
    private readonly List<int> _peers = [];

    public void Dispose()
    {
        _loop.Dispose();
        _sockets.ForEach(socket => socket.Close());
        _peers.ForEach(SocketFactory.Close);
    }

    [Fact]
    public async Task Run_SocketClosedByAnotherInTheSameBatch_IsNotNotified()
    {
        List<CountingHandler> notified = [];
        for (int i = 0; i < 3; i++)
        {
            CountingHandler handler = null!;
            handler = new CountingHandler(_ =>
            {
                notified.Add(handler);
                _sockets.ForEach(socket => CloseUnless(socket, handler));
            });
            AddReadable(handler);
        }

        await RunBatchAsync();
        Assert.Single(notified);
        Assert.Single(_sockets, socket => socket.IsOpen);
    }

    [Fact]
    public async Task Run_SlotReusedInTheSameBatch_SuccessorHearsNoStaleEvent()
    {
        CountingHandler successor = new();
        List<uint> slots = [];
        for (int i = 0; i < 2; i++)
        {
            CountingHandler handler = null!;
            handler = new CountingHandler(events =>
            {
                if ((events & SocketEvents.Readable) == 0 || slots.Count > 0)
                {
                    return;
                }

                LoopSocket victim = _sockets.Single(socket => socket.Handler != handler);
                victim.Close();
                slots.Add((uint)victim.Token);
                slots.Add((uint)Add(successor).Token);
            });
            AddReadable(handler);
        }

        await RunBatchAsync();
        Assert.Equal(slots[0], slots[1]);
        Assert.Equal(0, successor.CountOf(SocketEvents.Readable));
        await Eventually.EqualAsync(1, () => Task.FromResult(successor.CountOf(SocketEvents.Writable)), "events of the successor's own");
    }

    [Fact]
    public async Task Run_HandlerThrows_OthersAreStillServed()
    {
        AddReadable(new CountingHandler(_ => throw new InvalidOperationException("on purpose")));
        CountingHandler other = new();
        AddReadable(other);
        await RunBatchAsync();
        Assert.Equal(1, other.CountOf(SocketEvents.Readable));
    }

    [Fact]
    public async Task Register_MoreThanTheTableHolds_EachHearsOfItsOwn()
    {
        const int Sockets = 200;
        List<CountingHandler> handlers = [.. Enumerable.Range(0, Sockets).Select(_ => new CountingHandler())];
        handlers.ForEach(AddReadable);
        await RunBatchAsync();
        await Eventually.TrueAsync(() => handlers.All(handler => handler.CountOf(SocketEvents.Readable) == 1), "one event each");
        Assert.Equal(Sockets, _sockets.Select(socket => socket.Token).Distinct().Count());
    }

    [Fact]
    public async Task Defer_FromManyThreads_NotifiesAsOftenAsAsked()
    {
        const int Threads = 4, Times = 5_000;
        int count = 0;
        LoopSocket socket = Add(new CountingHandler(events => count += events == SocketEvents.None ? 1 : 0));
        _loop.Start();
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Times; i++)
            {
                socket.Defer();
            }
        })));
        await Eventually.EqualAsync(Threads * Times, () => Task.FromResult(Volatile.Read(ref count)), "deferred turns");
    }

    [Fact]
    public async Task Defer_FromItsOwnHandlerForEver_LetsOthersHaveATurn()
    {
        LoopSocket greedy = null!;
        greedy = Add(new CountingHandler(_ => greedy.Defer()));
        _loop.Start();
        CountingHandler other = new();
        AddReadable(other);
        await Eventually.EqualAsync(1, () => Task.FromResult(other.CountOf(SocketEvents.Readable)), "turns of the other socket");
    }

    private static void CloseUnless(LoopSocket socket, ISocketHandler handler)
    {
        if (socket.Handler != handler)
        {
            socket.Close();
        }
    }

    private LoopSocket Add(ISocketHandler handler) => Register(SocketPair.Create(), handler);

    private unsafe void AddReadable(CountingHandler handler)
    {
        (int own, int peer) = SocketPair.Create();
        byte one = 1;
        Assert.Equal(1, LibC.Send(peer, &one, 1, 0));
        Register((own, peer), handler);
    }

    private LoopSocket Register((int Own, int Peer) pair, ISocketHandler handler)
    {
        LoopSocket socket = new(_loop, pair.Own, handler);
        _peers.Add(pair.Peer);
        _sockets.Add(socket);
        _loop.Register(socket);
        return socket;
    }

    /// <summary>Starts the loop and waits until it has been once around: a deferred turn comes behind all events of its batch.</summary>
    private async Task RunBatchAsync()
    {
        TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        (int own, int peer) = SocketPair.Create();
        LoopSocket mark = new(_loop, own, new CountingHandler(_ => over.TrySetResult()));
        _peers.Add(peer);
        _peers.Add(own);
        mark.Defer();
        _loop.Start();
        await over.Task.WaitAsync(Eventually.DefaultDeadline);
    }
}
