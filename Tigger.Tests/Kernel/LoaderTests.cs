using Tigger.Kernel;
using Tigger.Kernel.Calls;
using Tigger.Kernel.Interop;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Kernel;

/// <summary>Loading is all or nothing, and says why when it is nothing.</summary>
[Collection(BpfTestsDefinition.Name)]
public sealed class LoaderTests
{
    [RequiresBpfFact]
    public void Load_OfSomethingThatIsNoObject_SaysSo()
    {
        var before = KernelObjects.Held();
        var fault = Assert.Throws<BpfException>(() => BpfObject.Load("junk.o", "this is not ELF"u8, new()));
        Assert.Contains("bpf_object__open_mem of junk.o", fault.Message, StringComparison.Ordinal);
        Assert.Contains("libbpf: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, KernelObjects.Held().Except(before).Count);
    }

    [RequiresBpfFact]
    public void Load_RefusedByTheVerifier_EndsWithItsLogAndLeavesNothing()
    {
        var image = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "broken.bpf.o"));
        var before = KernelObjects.Held();
        var fault = Assert.Throws<BpfException>(() => BpfObject.Load("broken.bpf.o", image, new() { Programs = ["broken_read"] }));
        Assert.Contains("bpf_object__load of broken.bpf.o: Permission denied (errno 13)", fault.Message, StringComparison.Ordinal);
        Assert.Contains("invalid access to packet", fault.Message, StringComparison.Ordinal);
        Assert.Equal(13, fault.Error);
        Assert.DoesNotContain('\n', fault.Summary);
        Assert.Equal(0, KernelObjects.Held().Except(before).Count);
    }

    [RequiresBpfFact]
    public void Load_WhereSomethingIsMissing_NamesItAndLeavesNothing()
    {
        var before = KernelObjects.Held();
        AssertMissing("no_such_program", new() { Programs = ["probe_redirect", "no_such_program"] });
        AssertMissing("no_such_map", new() { Maps = ["sockets", "no_such_map"] });
        AssertMissing("no_such_size", new() { Entries = new Dictionary<string, uint> { ["no_such_size"] = 1 } });
        Assert.Equal(0, KernelObjects.Held().Except(before).Count);
        Assert.Throws<BpfException>(() => BpfObject.LoadEmbedded("no.such.resource", new()));
    }

    [RequiresBpfFact]
    public void Load_WithSizes_BoundsTheMap()
    {
        using var loaded = BpfObject.LoadEmbedded(
            ProbeObject.Resource, new() { Maps = ["pairs"], Entries = new Dictionary<string, uint> { ["pairs"] = 1 } });
        var pairs = loaded.Map("pairs");
        pairs.Update(Pair(1), 7u);
        var full = Assert.Throws<BpfException>(() => pairs.Update(Pair(2), 8u));
        Assert.Equal("bpf_map_update_elem of pairs", full.Call);
        Assert.True(pairs.TryLookup(Pair(1), out uint slot));
        Assert.Equal(7u, slot);
        Assert.True(pairs.Delete(Pair(1)));
        Assert.False(pairs.Delete(Pair(1)));
        Assert.False(pairs.TryLookup(Pair(1), out slot));
        Assert.Throws<InvalidOperationException>(() => pairs.Update(1u, 1u));
    }

    [RequiresBpfFact]
    public async Task Dispose_TakesProgramsMapsAndLinksOutOfTheKernel()
    {
        var before = KernelObjects.Held();
        KernelObjects loaded;
        using (CgroupDirectory cgroup = new(CgroupTree.OfThisProcess()!.MountPoint))
        using (ProbeObject probe = new())
        using (probe.Watch(cgroup))
        using (probe.Records(_ => { }))
        {
            loaded = KernelObjects.Held().Except(before);
            Assert.Equal(12, loaded.Programs.Count);
            Assert.True(loaded.Maps.Count >= 6, $"{loaded.Maps.Count} maps");
            Assert.Single(loaded.Links);
            Assert.True(loaded.Programs.All(KernelIds.HasProgram) && loaded.Maps.All(KernelIds.HasMap) && loaded.Links.All(KernelIds.HasLink));
        }

        await loaded.GoneAsync();
    }

    /// <summary>
    /// A socket holds the program it got when it entered, the program its maps, and they the socket: so this goes on without
    /// us until the socket is closed, and whoever stops must take sockets out first.
    /// </summary>
    [RequiresBpfFact]
    public async Task Dispose_WithSocketsInside_TheirProgramGoesWithThem()
    {
        var before = KernelObjects.Held();
        KernelObjects loaded;
        using (var pair = LoopbackPair.Connect())
        {
            using (ProbeObject probe = new())
            {
                probe.Use("probe_redirect");
                probe.Enter(pair.Near, 0);
                probe.Enter(pair.Far, 1);
                loaded = KernelObjects.Held().Except(before);
            }

            LoopbackPair.Send(pair.Near, "still redirected"u8);
            LoopbackPair.Expect(pair.Far, "still redirected"u8, "the peer");
            Assert.Equal(0ul, pair.Far.BytesReceivedByTcp());
        }

        await loaded.GoneAsync();
    }

    [RequiresBpfFact]
    public async Task Dispose_AfterTheSocketsLeft_TakesEverythingOutAndTheyGoOnByTcp()
    {
        var before = KernelObjects.Held();
        using var pair = LoopbackPair.Connect();
        KernelObjects loaded;
        using (ProbeObject probe = new())
        {
            probe.Use("probe_redirect");
            probe.Enter(pair.Near, 0);
            probe.Enter(pair.Far, 1);
            loaded = KernelObjects.Held().Except(before);
            Assert.True(probe.Leave(0) && probe.Leave(1));
        }

        await loaded.GoneAsync();
        LoopbackPair.Send(pair.Near, "by TCP"u8);
        LoopbackPair.Expect(pair.Far, "by TCP"u8, "the peer");
        Assert.Equal(6ul, pair.Far.BytesReceivedByTcp());
    }

    [RequiresBpfFact]
    public void Use_AfterDispose_Throws()
    {
        var loaded = BpfObject.LoadEmbedded(ProbeObject.Resource, new() { Maps = ["pools"], Programs = ["probe_lock_call"] });
        loaded.Dispose();
        Assert.Throws<ObjectDisposedException>(() => loaded.Map("pools").TryLookup(0u, out ProbeLayout.Pool _));
        ProbeLayout.Visit visit = new();
        Assert.Throws<ObjectDisposedException>(() => loaded.Program("probe_lock_call").Run(ref visit));
    }

    private static AddressPair Pair(ulong netns) =>
        new(netns, new(System.Net.IPAddress.Loopback, 1), new(System.Net.IPAddress.Loopback, 2));

    private static void AssertMissing(string name, BpfRequest request)
    {
        var fault = Assert.Throws<BpfException>(() => BpfObject.LoadEmbedded(ProbeObject.Resource, request));
        Assert.Equal($"{name} is not in {ProbeObject.Resource}", fault.Message);
    }
}
