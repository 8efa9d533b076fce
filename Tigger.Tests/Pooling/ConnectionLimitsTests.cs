using Microsoft.Extensions.Logging.Abstractions;
using Tigger.Auth;
using Tigger.Config;
using Tigger.Net;
using Tigger.Pooling;

namespace Tigger.Tests.Pooling;

public sealed class ConnectionLimitsTests : IDisposable
{
    private readonly EventLoops _loops = new(1, NullLogger.Instance);

    public void Dispose() => _loops.Dispose();

    [Fact]
    public void TryAdd_NoLimits_NeverRefuses()
    {
        PoolRegistry registry = Registry(new TiggerConfig());
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(registry.Limits.TryAdd(Pool(registry, "a", "bob"))));
        Assert.Equal(1000, registry.Limits.Total);
    }

    [Fact]
    public void TryAdd_DatabaseFull_RefusesOtherUsersOfItOnly()
    {
        PoolRegistry registry = Registry(new TiggerConfig { MaxDbConnections = 1 });
        Assert.True(registry.Limits.TryAdd(Pool(registry, "a", "bob")));
        Assert.False(registry.Limits.TryAdd(Pool(registry, "a", "eve")));
        Assert.True(ConnectionLimits.IsAtDatabaseLimit(Pool(registry, "a", "eve")));
        Assert.True(registry.Limits.TryAdd(Pool(registry, "b", "eve")));
    }

    [Fact]
    public void TryAdd_UserFull_RefusesItsOtherDatabasesOnly()
    {
        PoolRegistry registry = Registry(new TiggerConfig { MaxUserConnections = 1 });
        Assert.True(registry.Limits.TryAdd(Pool(registry, "a", "bob")));
        Assert.False(registry.Limits.TryAdd(Pool(registry, "b", "bob")));
        Assert.True(ConnectionLimits.IsAtUserLimit(Pool(registry, "b", "bob")));
        Assert.True(registry.Limits.TryAdd(Pool(registry, "b", "eve")));
    }

    [Fact]
    public void TryAdd_AllFull_RefusesEverybodyAndCountsNothing()
    {
        PoolRegistry registry = Registry(new TiggerConfig { MaxServerConnections = 1 });
        Assert.True(registry.Limits.TryAdd(Pool(registry, "a", "bob")));
        Assert.False(registry.Limits.TryAdd(Pool(registry, "b", "eve")));
        Assert.True(registry.Limits.IsAtTotalLimit(Pool(registry, "b", "eve")));
        Assert.Equal((1, 0, 0), (registry.Limits.Total, Pool(registry, "b", "eve").Database.ServerCount, registry.GetUser("eve").ServerCount));
    }

    [Fact]
    public void Remove_OneOfAFullDatabase_MakesRoom()
    {
        PoolRegistry registry = Registry(new TiggerConfig { MaxDbConnections = 1, MaxUserConnections = 1, MaxServerConnections = 1 });
        Assert.True(registry.Limits.TryAdd(Pool(registry, "a", "bob")));
        registry.Limits.Remove(Pool(registry, "a", "bob"));
        Assert.Equal(0, registry.Limits.Total);
        Assert.True(registry.Limits.TryAdd(Pool(registry, "a", "bob")));
    }

    [Fact]
    public void TryAdd_ManyThreads_NeverExceedsTheLimit()
    {
        const int Limit = 7;
        PoolRegistry registry = Registry(new TiggerConfig { MaxServerConnections = Limit });
        ServerPool[] pools = [Pool(registry, "a", "bob"), Pool(registry, "b", "eve")];
        int held = 0;
        Parallel.For(0, 20_000, i =>
        {
            ServerPool pool = pools[i % pools.Length];
            if (registry.Limits.TryAdd(pool))
            {
                Assert.InRange(Interlocked.Increment(ref held), 1, Limit);
                Interlocked.Decrement(ref held);
                registry.Limits.Remove(pool);
            }
        });
        Assert.Equal((0, 0, 0), (registry.Limits.Total, pools[0].Database.ServerCount, pools[1].User.ServerCount));
    }

    private PoolRegistry Registry(TiggerConfig config)
    {
        CredentialStore nobody = new(new Dictionary<string, UserSecret>(), ScramSecret.DefaultIterations);
        ServerConnector connector = new(_loops, () => nobody, NullLogger.Instance);
        TiggerConfig open = config with { FallbackDatabase = new DatabaseConfig { Name = Limits.FallbackDatabase } };
        return new PoolRegistry(open, connector, TimeProvider.System, NullLogger.Instance);
    }

    private static ServerPool Pool(PoolRegistry registry, string database, string user) =>
        registry.GetPool(registry.FindDatabase(database)!, user);
}
