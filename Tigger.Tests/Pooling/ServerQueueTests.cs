using System.Collections.Concurrent;
using Tigger.Pooling;
using Tigger.Sessions;

namespace Tigger.Tests.Pooling;

public sealed class ServerQueueTests : IDisposable
{
    private readonly PoolFixture _pool = new();

    private IServerQueue Queue => _pool.Queue;

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void HandOn_ClientsWait_LendsInTheirOrderThenGoesIdle()
    {
        ClientSession first = _pool.NewClient();
        ClientSession second = _pool.NewClient();
        ServerConnection server = _pool.NewServer();
        Assert.Null(Queue.TakeOrWait(first));
        Assert.Null(Queue.TakeOrWait(second));
        Assert.Equal(2, Queue.WaitingCount);

        Assert.Equal(LendResult.Lent(first), Queue.HandOn(server));
        Assert.Equal(ServerState.Active, server.State);
        Assert.Equal(LendResult.Lent(second), Queue.HandOn(server));
        Assert.Equal(LendResult.Idle, Queue.HandOn(server));
        Assert.Equal(ServerState.Idle, server.State);
        Assert.Equal([server], Queue.IdleServers);
        Assert.Equal(0, Queue.WaitingCount);
    }

    [Fact]
    public void TakeOrWait_ServerIdle_IsActiveAndOffTheList()
    {
        ServerConnection server = _pool.NewServer();
        Queue.HandOn(server);

        Assert.Same(server, Queue.TakeOrWait(_pool.NewClient()));
        Assert.Equal(ServerState.Active, server.State);
        Assert.Empty(Queue.IdleServers);
        Assert.Equal((0, 0L), (Queue.WaitingCount, Queue.LongestWaitingSince));
    }

    [Fact]
    public void TakeOrWait_OthersWaitBesideAnIdleServer_QueuesBehindThem()
    {
        ServerConnection server = _pool.NewServer();
        ClientSession first = _pool.NewClient();
        ClientSession newcomer = _pool.NewClient();
        Queue.HandOn(server);
        Queue.WaitFirst(first);

        Assert.Null(Queue.TakeOrWait(newcomer));
        Assert.True(Queue.TakeIdle(server));
        Assert.Equal(first, Queue.HandOn(server).Client);
    }

    [Fact]
    public void IsPaused_Set_NobodyGetsAServerUntilItIsCleared()
    {
        ServerConnection server = _pool.NewServer();
        ClientSession client = _pool.NewClient();
        Queue.HandOn(server);
        Queue.IsPaused = true;

        Assert.Null(Queue.TakeOrWait(client));
        Assert.True(Queue.TakeIdle(server));
        Assert.Equal(LendResult.Idle, Queue.HandOn(server));

        Queue.IsPaused = false;
        Assert.True(Queue.TakeIdle(server));
        Assert.Equal(LendResult.Lent(client), Queue.HandOn(server));
    }

    [Fact]
    public void WaitFirst_OthersWait_IsNextAndStopWaitingOnlyOnce()
    {
        ClientSession second = _pool.NewClient();
        ClientSession first = _pool.NewClient();
        Queue.TakeOrWait(second);
        Queue.WaitFirst(first);
        Assert.Equal(first.WaitingSince, Queue.LongestWaitingSince);

        Assert.True(Queue.StopWaiting(first));
        Assert.False(Queue.StopWaiting(first));
        Assert.Equal(second, Queue.HandOn(_pool.NewServer()).Client);
        Assert.False(Queue.StopWaiting(second));
    }

    [Fact]
    public void IdleServers_HandedOnInTurn_LastUsedIsFirstAndTaken()
    {
        ServerConnection[] servers = [_pool.NewServer(), _pool.NewServer(), _pool.NewServer()];
        Array.ForEach(servers, server => Queue.HandOn(server));

        Assert.Equal([servers[2], servers[1], servers[0]], Queue.IdleServers);
        Assert.Same(servers[2], Queue.TakeOrWait(_pool.NewClient()));
    }

    [Fact]
    public void IdleServers_RoundRobin_LeastUsedIsFirstAndTaken()
    {
        _pool.Apply(config => config with { ServerRoundRobin = true });
        ServerConnection[] servers = [_pool.NewServer(_pool.First), _pool.NewServer(_pool.Second)];
        Array.ForEach(servers, server => Queue.HandOn(server));

        Assert.Equal(servers, Queue.IdleServers);
        Assert.Same(servers[0], Queue.TakeOrWait(_pool.NewClient(_pool.Second)));
    }

    [Fact]
    public void TakeOrWait_ServersOfBothLoops_PrefersTheClientsOwn()
    {
        ServerConnection own = _pool.NewServer(_pool.First);
        ServerConnection last = _pool.NewServer(_pool.Second);
        Queue.HandOn(own);
        Queue.HandOn(last);

        Assert.Same(own, Queue.TakeOrWait(_pool.NewClient(_pool.First)));
        Assert.Same(last, Queue.TakeOrWait(_pool.NewClient(_pool.First)));
    }

    [Fact]
    public void TakeIdle_OnTheListOrNot_TakesOnce()
    {
        ServerConnection server = _pool.NewServer();
        Assert.False(Queue.TakeIdle(server));
        Queue.HandOn(server);

        Assert.True(Queue.TakeIdle(server));
        Assert.Equal(ServerState.InTransit, server.State);
        Assert.False(Queue.TakeIdle(server));
    }

    [Fact]
    public void Remove_Idle_IsForgottenWithItsState()
    {
        ServerConnection server = _pool.NewServer();
        Queue.HandOn(server);
        server.Close(sayGoodbye: false);

        Queue.Remove(server);
        Queue.Remove(server);

        Assert.Empty(Queue.IdleServers);
        Assert.Equal(ServerState.Closed, server.State);
        Assert.Null(Queue.TakeOrWait(_pool.NewClient()));
    }

    [Fact]
    public async Task HandOn_ManyThreads_EachServerHasOneClientAndEachClientIsServed()
    {
        const int Rounds = 5_000;
        ConcurrentDictionary<ServerConnection, ClientSession> inUse = new();
        Dictionary<ClientSession, BlockingCollection<ServerConnection>> granted = [];
        foreach (ClientSession client in Enumerable.Range(0, 4).Select(_ => _pool.NewClient()))
        {
            granted[client] = [];
        }

        Queue.HandOn(_pool.NewServer());
        Queue.HandOn(_pool.NewServer());

        await Task.WhenAll(granted.Keys.Select(client => Task.Factory.StartNew(() => Use(client), TaskCreationOptions.LongRunning)))
            .WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal((2, 0), (Queue.IdleServers.Count, Queue.WaitingCount));

        void Use(ClientSession client)
        {
            for (int i = 0; i < Rounds; i++)
            {
                ServerConnection server = Queue.TakeOrWait(client) ?? granted[client].Take();
                Assert.True(inUse.TryAdd(server, client));
                Assert.True(inUse.TryRemove(server, out _));
                if (Queue.HandOn(server).Client is { } next)
                {
                    granted[next].Add(server);
                }
            }
        }
    }
}
