using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Tigger.Kernel;
using Tigger.Kernel.Calls;
using Tigger.Kernel.Slots;
using Tigger.Net;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Kernel;

/// <summary>Loading the data path, and which slots its sockets get.</summary>
[Collection(BpfTestsDefinition.Name)]
public sealed class KernelPathTests
{
    [RequiresBpfFact]
    public async Task Dispose_WithConnectionsOpen_LeavesNothingInTheKernel()
    {
        var before = KernelObjects.Held();
        KernelBench bench = new();
        KernelObjects loaded;
        using (bench)
        {
            bench.AddIdleServer();
            bench.AddArmedClient();
            using var events = bench.Path.Listen(_ => { });
            loaded = KernelObjects.Held().Except(before);
            Assert.Equal(19, loaded.Programs.Count);
            Assert.Single(loaded.Links);
        }

        await loaded.GoneAsync();
    }

    /// <summary>What a client has not read yet would be lost to it if its socket were taken out of the map.</summary>
    [RequiresBpfFact]
    public async Task Dispose_BeforeTheClientsHaveRead_LeavesThemTheirBytes()
    {
        var before = KernelObjects.Held();
        using KernelBench bench = new();
        var (client, accepted, _) = bench.ClaimClient();
        var loaded = KernelObjects.Held().Except(before);
        LoopbackPair.Send(accepted, "goodbye"u8);
        bench.Path.Dispose();
        accepted.Dispose();
        LoopbackPair.Expect(client, "goodbye"u8, "the client");
        Assert.Equal(0, client.Receive(new byte[1]));
        client.Dispose();
        await loaded.GoneAsync();
    }

    [RequiresBpfTheory]
    [InlineData("127.0.0.1", null)]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("0.0.0.0", "127.0.0.3")]
    [InlineData("0.0.0.0", "::ffff:127.0.0.1")]
    [InlineData("::1", null)]
    [InlineData("::", "::1")]
    public void Claim_ClientOfAListener_HasItsSlotOnce(string listen, string? connect)
    {
        using KernelBench bench = new(IPAddress.Parse(listen));
        var (_, accepted) = bench.ConnectClient(connect is null ? null : IPAddress.Parse(connect));
        var claimed = bench.Claim(accepted);
        Assert.Equal(CallResult.Done, claimed.Result);
        ref readonly var slot = ref bench.Path.Slots.Client(claimed.Client.Slot);
        Assert.Equal(
            (ClientSlotState.User, ClientSlotFlags.Present | ClientSlotFlags.Claimed | ClientSlotFlags.Side, (uint)bench.Pool, claimed.Client.Generation),
            (slot.State, slot.Flags, slot.Pool, slot.Generation));
        Assert.Equal(CallResult.Missing, bench.Claim(accepted).Result);
        Assert.Equal(1ul, bench.Path.Counter(KernelCounter.ClientEntered));
        Assert.Contains(("client_entered", 1ul), bench.Path.Counters());
    }

    [RequiresBpfFact]
    public void Claim_ListenerRemoved_IsMissing()
    {
        using KernelBench bench = new();
        bench.Path.RemoveListener(bench.Front);
        Assert.Equal(CallResult.Missing, bench.Claim(bench.ConnectClient().Accepted).Result);
        Assert.Equal(0ul, bench.Path.Counter(KernelCounter.ClientEntered));
    }

    [RequiresBpfFact]
    public async Task Client_ClosedByItsOwner_IsMarked()
    {
        using KernelBench bench = new();
        var (client, _, key) = bench.ClaimClient();
        client.Dispose();
        await Eventually.TrueAsync(() => (bench.Path.Slots.Client(key.Slot).Flags & ClientSlotFlags.Gone) != 0, "the slot says so");
        Assert.Equal(CallResult.Missing, bench.Path.Arm(key, KernelBench.Profile));
        Assert.Equal(CallResult.Done, bench.Path.Unclaim(key));
    }

    [RequiresBpfFact]
    public void ClaimAny_AsManyAsAllowed_ThenMissing()
    {
        using KernelBench bench = new(maximumClients: 3);
        var claimed = Enumerable.Range(0, 4).Select(_ => bench.Path.ClaimAny(bench.Pool)).ToList();
        Assert.Equal([CallResult.Done, CallResult.Done, CallResult.Done, CallResult.Missing], claimed.Select(one => one.Result));
        Assert.Equal(3, claimed.Select(one => one.Client.Slot).Where(slot => slot != 0).Distinct().Count());
        Assert.Equal(CallResult.Done, bench.Path.Unclaim(claimed[0].Client));
        Assert.Equal(CallResult.Stale, bench.Path.Unclaim(claimed[0].Client));
        var again = bench.Path.ClaimAny(bench.Pool).Client;
        Assert.Equal(claimed[0].Client.Slot, again.Slot);
        Assert.NotEqual(claimed[0].Client.Generation, again.Generation);
    }

    [RequiresBpfTheory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.4")]
    [InlineData("::1")]
    public void Expect_TheBackendsSocketEnters(string address)
    {
        using KernelBench bench = new();
        using Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse(address).MapToIPv6(), 0));
        listener.Listen(1);
        IPEndPoint backend = new(IPAddress.Parse(address), ((IPEndPoint)listener.LocalEndPoint!).Port);
        using var bound = SocketFactory.Prepare(backend);
        using var reserved = bench.Path.Expect(backend, bound.Local!, bench.Pool)!;
        Assert.False(reserved.IsPresent);
        using Socket ours = new(new SafeSocketHandle(bound.Connect(), ownsHandle: true));
        using var accepted = listener.Accept();
        Assert.True(reserved.Confirm());
        ref readonly var slot = ref bench.Path.Slots.Server(reserved.Server.Slot);
        Assert.Equal(
            (ServerSlotState.User, ServerSlotFlags.Present | ServerSlotFlags.Side, (uint)bench.Pool, reserved.Server.Generation),
            (slot.State, slot.Flags, slot.Pool, slot.Generation));
        Assert.Equal(CallResult.Done, bench.Path.Forget(reserved.Server).Result);
        Assert.Equal(CallResult.Stale, bench.Path.Forget(reserved.Server).Result);
    }

    [RequiresBpfFact]
    public void Expect_Cancelled_TheSlotIsAnothersAndNobodyEnters()
    {
        using KernelBench bench = new();
        using var bound = SocketFactory.Prepare(bench.Back);
        var reserved = bench.Path.Expect(bench.Back, bound.Local!, bench.Pool)!;
        reserved.Dispose();
        reserved.Cancel();
        Assert.Throws<ObjectDisposedException>(() => reserved.Confirm());
        SocketFactory.Close(bound.Connect());
        Assert.Equal(0ul, bench.Path.Counter(KernelCounter.ServerEntered));
        var next = bench.Path.ReserveServer(bench.Pool);
        Assert.Equal(reserved.Server.Slot, next.Slot);
        Assert.NotEqual(reserved.Server.Generation, next.Generation);
    }

    [RequiresBpfFact]
    public void Numbers_AreGivenOutUntilAllAreUsed()
    {
        using var path = KernelPath.Open(NullLogger.Instance, maximumClients: 1);
        var pools = Enumerable.Range(0, 256).Select(_ => path.AllocatePool()).ToList();
        Assert.Equal(Enumerable.Range(1, 255).Append(-1), pools);
        path.FreePool(9);
        Assert.Equal(9, path.AllocatePool());
        var servers = Enumerable.Range(0, 4096).Select(_ => path.ReserveServer(1)).ToList();
        Assert.Equal(Enumerable.Range(1, 4095).Append(0), servers.Select(one => (int)one.Slot));
        Assert.Null(path.Expect(new(IPAddress.Loopback, 1), new(IPAddress.Loopback, 2), 1));
    }
}
