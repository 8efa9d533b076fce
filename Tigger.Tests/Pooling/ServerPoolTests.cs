using Tigger.Config;
using Tigger.Pooling;
using Tigger.Sessions;

namespace Tigger.Tests.Pooling;

public sealed class ServerPoolTests : IDisposable
{
    private readonly PoolFixture _fixture = new();

    private ServerPool Pool => _fixture.Pool;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void SetPaused_EverythingOrADatabase_ReachesTheQueuesConcerned()
    {
        ServerPool other = _fixture.GetPool("other");
        _fixture.Registry.SetPaused(other.Database, true);
        Assert.Equal((false, true), (Pool.Queue.IsPaused, other.Queue.IsPaused));

        _fixture.Registry.SetPaused(null, true);
        Assert.Equal((true, true), (Pool.Queue.IsPaused, other.Queue.IsPaused));

        _fixture.Registry.SetPaused(null, false);
        Assert.Equal((false, true), (Pool.Queue.IsPaused, other.Queue.IsPaused));

        _fixture.Registry.SetPaused(other.Database, false);
        Assert.False(other.Queue.IsPaused);
    }

    [Fact]
    public void GetPool_Paused_ItsQueueIsPaused()
    {
        _fixture.Registry.SetPaused(null, true);
        Assert.True(_fixture.GetPool("new").Queue.IsPaused);
    }

    [Fact]
    public void Apply_DatabaseGone_ItsServersAreLentToNobody()
    {
        _fixture.Apply(config => config with { Databases = new Dictionary<string, DatabaseConfig>(), FallbackDatabase = null });
        Assert.True(Pool.Queue.IsPaused);
    }

    [Fact]
    public void HandOn_Paused_ClosesAlsoWithClientsWaiting()
    {
        ServerConnection server = _fixture.NewServer();
        Pool.Queue.TakeOrWait(_fixture.NewClient());
        _fixture.Registry.SetPaused(null, true);

        Pool.HandOn(server);

        Assert.True(server.IsDead);
        Assert.Equal(1, Pool.Queue.WaitingCount);
    }

    [Fact]
    public void CloseIdle_Paused_ClosesAndTakesOffTheList()
    {
        ServerConnection server = _fixture.NewServer();
        Pool.HandOn(server);
        Assert.Equal(ServerState.Idle, server.State);

        Pool.CloseIdle("pause mode");

        Assert.True(server.IsDead);
        Assert.Empty(Pool.Queue.IdleServers);
    }

    [Fact]
    public void Forget_WentOnTheListAfterItWasForgotten_IsOffIt()
    {
        ServerConnection server = _fixture.NewServer();
        server.Close(sayGoodbye: false);
        Pool.Forget(server);
        Pool.Queue.HandOn(server);

        Pool.Forget(server);

        Assert.Empty(Pool.Queue.IdleServers);
    }

    [Fact]
    public void TakeOrWait_ServerLongUnused_IsCheckedAndTheClientIsNext()
    {
        _fixture.Apply(config => config with { ServerCheckDelay = TimeSpan.Zero, ServerCheckQuery = "select 1" });
        ServerConnection server = _fixture.NewServer();
        ClientSession client = _fixture.NewClient();
        Pool.HandOn(server);

        Assert.Null(Pool.TakeOrWait(client, Pool.Clock.GetTimestamp()));

        Assert.Equal((ServerState.Tested, ServerTask.Check), (server.State, server.Task));
        Assert.Equal(1, Pool.Queue.WaitingCount);
        Assert.True(Pool.StopWaiting(client));
    }

    [Fact]
    public void TakeOldestIdle_SeveralIdle_TakesTheOneUnusedForLongestUnlessClientsWait()
    {
        ServerConnection[] servers = [_fixture.NewServer(), _fixture.NewServer()];
        servers[0].LastUsedAt = 2;
        servers[1].LastUsedAt = 1;
        Array.ForEach(servers, server => Pool.Queue.HandOn(server));
        Assert.Equal(1, Pool.OldestIdleUse());
        Assert.Null(Pool.TakeOldestIdle(1));

        Assert.Same(servers[1], Pool.TakeOldestIdle(long.MaxValue));
        Assert.Equal([servers[0]], Pool.Queue.IdleServers);

        Pool.WaitFirst(_fixture.NewClient());
        Assert.Null(Pool.TakeOldestIdle(long.MaxValue));
        Assert.Equal(long.MaxValue, Pool.OldestIdleUse());
    }
}
