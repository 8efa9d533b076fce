using System.Net;
using Tigger.Config;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Tests.Control;

namespace Tigger.Tests.Pooling;

public sealed class HostRotationTests
{
    private static readonly IPEndPoint Address = new(IPAddress.Loopback, 5432);

    private readonly ManualClock _clock = new();
    private readonly HostRotation _rotation;

    public HostRotationTests() => _rotation = new HostRotation(_clock);

    [Fact]
    public void Order_RoundRobin_BeginsWithTheNextEachTime()
    {
        Assert.Equal([0, 1, 2], _rotation.Order(3, LoadBalanceHosts.RoundRobin));
        Assert.Equal([1, 2, 0], _rotation.Order(3, LoadBalanceHosts.RoundRobin));
        Assert.Equal([2, 0, 1], _rotation.Order(3, LoadBalanceHosts.RoundRobin));
        Assert.Equal([0], _rotation.Order(1, LoadBalanceHosts.RoundRobin));
    }

    [Fact]
    public void Order_Disable_StaysUntilTheHostFails()
    {
        Assert.Equal([0, 1], _rotation.Order(2, LoadBalanceHosts.Disable));
        Assert.Equal([0, 1], _rotation.Order(2, LoadBalanceHosts.Disable));
        _rotation.Failed(0, Address, TimeSpan.FromSeconds(15));
        Assert.Equal([1, 0], _rotation.Order(2, LoadBalanceHosts.Disable));
        _rotation.Failed(0, Address, TimeSpan.FromSeconds(15));
        Assert.Equal([1, 0], _rotation.Order(2, LoadBalanceHosts.Disable));
        _rotation.Failed(1, Address, TimeSpan.FromSeconds(15));
        Assert.Equal([0, 1], _rotation.Order(2, LoadBalanceHosts.Disable));
        _rotation.Failed(0, Address, TimeSpan.FromSeconds(15));
        Assert.Equal([1, 0], _rotation.Order(2, LoadBalanceHosts.Disable));
    }

    [Fact]
    public void IsResting_AfterFailures_IsLongerEachTimeUpToTheLimit()
    {
        TimeSpan limit = TimeSpan.FromSeconds(1);
        foreach (double seconds in (double[])[0.25, 0.5, 1, 1])
        {
            _rotation.Failed(0, Address, limit);
            Assert.True(_rotation.IsResting(Address));
            _clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.True(_rotation.IsResting(Address));
            _clock.Advance(TimeSpan.FromTicks(1));
            Assert.False(_rotation.IsResting(Address));
        }

        _rotation.Failed(0, Address, limit);
        _rotation.Worked(Address);
        Assert.False(_rotation.IsResting(Address));
    }

    [Fact]
    public void IsResting_UnixSocket_IsKnownByItsPath()
    {
        _rotation.Failed(0, HostResolver.UnixSocket("/run/a", 5432), TimeSpan.FromSeconds(15));
        Assert.True(_rotation.IsResting(HostResolver.UnixSocket("/run/a", 5432)));
        Assert.False(_rotation.IsResting(HostResolver.UnixSocket("/run/b", 5432)));
    }

    [Fact]
    public void Forget_Address_RestsNoMore()
    {
        _rotation.Failed(0, Address, TimeSpan.FromSeconds(15));
        _rotation.Forget(one => one.Equals(Address));
        Assert.False(_rotation.IsResting(Address));
    }
}
