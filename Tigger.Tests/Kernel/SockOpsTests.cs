using System.Net;
using System.Net.Sockets;
using Tigger.Kernel;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Kernel;

/// <summary>Which sockets sock_ops enters: the ends of a registered address pair, in every address family, and no other.</summary>
[Collection(BpfTestsDefinition.Name)]
public sealed class SockOpsTests : IDisposable
{
    private readonly ProbeObject? _probe;
    private readonly CgroupDirectory? _cgroup;
    private readonly IDisposable? _watch;

    public SockOpsTests()
    {
        if (BpfAvailability.SkipReason is not null)
            return;
        _probe = new();
        _cgroup = new(CgroupTree.OfThisProcess()!.MountPoint);
        _watch = _probe.Watch(_cgroup);
        _probe.Use("probe_redirect");
    }

    private ProbeObject Probe => _probe!;

    [RequiresBpfTheory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.2", "127.0.0.3")]
    [InlineData("::1", "::1")]
    [InlineData("127.0.0.1", "::ffff:127.0.0.1")]
    [InlineData("::ffff:127.0.0.1", "::ffff:127.0.0.1")]
    public void Registered_BothEndsEnterBeforeTheFirstByte(string from, string to)
    {
        using var pair = new SelfTest(Probe, _cgroup!.Path).ConnectRegistered(IPAddress.Parse(from), IPAddress.Parse(to));
        Assert.Equal(pair.Near.Cookie(), Probe.CookieIn(0));
        Assert.Equal(pair.Far.Cookie(), Probe.CookieIn(1));
        LoopbackPair.Send(pair.Near, "first"u8);
        LoopbackPair.Expect(pair.Far, "first"u8, "the peer");
        Assert.Equal(0ul, pair.Far.BytesReceivedByTcp());
    }

    [RequiresBpfFact]
    public void NotRegistered_NeitherEndEnters()
    {
        using var pair = LoopbackPair.Connect();
        AssertUntouched(pair);
    }

    /// <summary>Ports are reused and not unique: the same two ports between other addresses are another connection.</summary>
    [RequiresBpfFact]
    public void RegisteredPortsOfOtherAddresses_NeitherEndEnters()
    {
        using var pair = ConnectAfter((netns, near, far) =>
        {
            IPEndPoint other = new(IPAddress.Parse("127.0.0.9"), near.Port);
            Probe.Register(netns, other, far, 0);
            Probe.Register(netns, far, other, 1);
        });
        AssertUntouched(pair);
    }

    [RequiresBpfFact]
    public void RegisteredInAnotherNetworkNamespace_NeitherEndEnters()
    {
        using var pair = ConnectAfter((netns, near, far) =>
        {
            Probe.Register(netns + 1, near, far, 0);
            Probe.Register(netns + 1, far, near, 1);
        });
        AssertUntouched(pair);
    }

    [RequiresBpfFact]
    public void OneDirectionRegistered_OnlyThatEndEnters()
    {
        using var pair = ConnectAfter((netns, near, far) => Probe.Register(netns, far, near, 1));
        Assert.Null(Probe.EndOf(pair.Near));
        Assert.Equal(pair.Far.Cookie(), Probe.CookieIn(1));
    }

    [RequiresBpfFact]
    public void LinkDisposed_NobodyEntersAnyMore()
    {
        _watch!.Dispose();
        using var pair = new SelfTest(Probe, _cgroup!.Path).ConnectRegistered(IPAddress.Loopback, IPAddress.Loopback);
        AssertUntouched(pair);
    }

    [RequiresBpfFact]
    public void Closed_TheSocketLeavesTheMap()
    {
        using (var pair = new SelfTest(Probe, _cgroup!.Path).ConnectRegistered(IPAddress.Loopback, IPAddress.Loopback))
            Assert.NotEqual(0ul, Probe.CookieIn(0));
        Assert.Equal(0ul, Probe.CookieIn(0));
        Assert.Equal(0ul, Probe.CookieIn(1));
    }

    public void Dispose()
    {
        _watch?.Dispose();
        _cgroup?.Dispose();
        _probe?.Dispose();
    }

    private static LoopbackPair ConnectAfter(Action<ulong, IPEndPoint, IPEndPoint> register)
    {
        using Socket any = new(SocketType.Stream, ProtocolType.Tcp);
        var netns = any.NamespaceCookie();
        return LoopbackPair.Connect(IPAddress.Loopback, IPAddress.Loopback, (near, far) => register(netns, near, far));
    }

    private void AssertUntouched(LoopbackPair pair)
    {
        Assert.Null(Probe.EndOf(pair.Near));
        Assert.Null(Probe.EndOf(pair.Far));
        Assert.Equal((0ul, 0ul), (Probe.CookieIn(0), Probe.CookieIn(1)));
        LoopbackPair.Send(pair.Near, "by TCP"u8);
        LoopbackPair.Expect(pair.Far, "by TCP"u8, "the peer");
        Assert.Equal(6ul, pair.Far.BytesReceivedByTcp());
    }
}
