using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Tigger.Kernel;
using Tigger.Kernel.Calls;
using Tigger.Kernel.Slots;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Kernel;

/// <summary>What clients and servers do without C#, and what C# then finds.</summary>
[Collection(BpfTestsDefinition.Name)]
public sealed class KernelCallTests : IDisposable
{
    private static readonly byte[] Query = [.. "Q"u8, 0, 0, 0, 13, .. "select 1"u8, 0];
    private static readonly byte[] Reply = [.. "C"u8, 0, 0, 0, 13, .. "SELECT 1"u8, 0, .. "Z"u8, 0, 0, 0, 5, .. "I"u8];
    private static readonly byte[] InTransaction = [.. "Z"u8, 0, 0, 0, 5, .. "T"u8];

    private readonly KernelBench? _bench = BpfAvailability.SkipReason is null ? new() : null;

    private KernelBench Bench => _bench!;

    private KernelPath Path => Bench.Path;

    [RequiresBpfFact]
    public void Query_OfAnArmedClient_GoesToTheServerAndBackWithoutTcp()
    {
        var (backend, server) = Bench.AddIdleServer();
        var (client, accepted, key) = Bench.AddArmedClient();
        Transact(client, backend);
        Assert.Equal((0ul, 0ul), (accepted.BytesReceivedByTcp(), client.BytesReceivedByTcp()));
        Assert.Equal(ClientSlotState.Idle, Path.Slots.Client(key.Slot).State);
        Assert.Equal((ServerSlotState.Idle, (byte)'I'), (Path.Slots.Server(server.Slot).State, Path.Slots.Server(server.Slot).Status));
        Assert.Equal(1u, Path.Slots.Pool((uint)Bench.Pool).IdleCount);
        var statistics = Path.Statistics(Bench.Pool);
        Assert.Equal((1ul, 1ul, 1ul), (statistics.Transactions, statistics.Queries, statistics.Assignments));
        Assert.Equal(((ulong)Query.Length, (ulong)Reply.Length), (statistics.Received, statistics.Sent));
        Assert.True(statistics.QueryTime > 0);
    }

    [RequiresBpfFact]
    public void Take_InATransaction_BringsTheServer()
    {
        var (backend, server) = Bench.AddIdleServer();
        var (client, _, key) = Bench.AddArmedClient();
        Exchange(client, backend, Query, InTransaction);
        var taken = Path.Take(key);
        Assert.Equal((CallResult.Done, ClientSlotState.Linked, server), (taken.Result, taken.State, taken.Server));
        Assert.Equal(ClientSlotState.User, Path.Slots.Client(key.Slot).State);
        Assert.Equal((ServerSlotState.User, (byte)'T'), (Path.Slots.Server(server.Slot).State, Path.Slots.Server(server.Slot).Status));
        Assert.Equal(CallResult.Done, Path.Arm(key, KernelBench.Profile, server));
        Exchange(client, backend, Query, Reply);
        Assert.Equal(ServerSlotState.Idle, Path.Slots.Server(server.Slot).State);
    }

    [RequiresBpfFact]
    public void Take_OfAnIdleClient_BringsNoServer()
    {
        var (_, _, key) = Bench.AddArmedClient();
        Assert.Equal(new TakeResult(CallResult.Done, ClientSlotState.Idle, Path.Slots.Client(key.Slot).Flags, 0, default), Path.Take(key));
        Assert.Equal(CallResult.Done, Path.Unclaim(key));
        Assert.Equal(CallResult.Stale, Path.Take(key).Result);
    }

    [RequiresBpfFact]
    public void Wait_WithAnIdleServer_GetsIt()
    {
        var (_, server) = Bench.AddIdleServer();
        var (_, _, key) = Bench.ClaimClient();
        Assert.Equal(new WaitResult(CallResult.Done, server), Path.Wait(key, KernelBench.Profile, first: false));
    }

    [RequiresBpfFact]
    public void Wait_WithoutOne_GetsTheNextHandedOn()
    {
        var first = Path.ClaimAny(Bench.Pool).Client;
        var second = Path.ClaimAny(Bench.Pool).Client;
        var third = Path.ClaimAny(Bench.Pool).Client;
        foreach (var (client, head) in new[] { (second, false), (third, false), (first, true) })
            Assert.Equal(new WaitResult(CallResult.Queued, default), Path.Wait(client, KernelBench.Profile, head));
        Assert.Equal((3u, first.Slot), (Path.Slots.Pool((uint)Bench.Pool).WaitingCount, Path.Slots.Pool((uint)Bench.Pool).WaitingFirst));
        Assert.Equal(CallResult.Done, Path.StopWaiting(second));
        Assert.Equal(CallResult.Stale, Path.StopWaiting(second));
        var server = Path.ReserveServer(Bench.Pool);
        Assert.Equal(new HandOnResult(CallResult.GrantedUser, first), Path.HandOn(server, 0));
        Assert.Equal(new HandOnResult(CallResult.GrantedUser, third), Path.HandOn(server, 0));
        Assert.Equal(new HandOnResult(CallResult.Idle, default), Path.HandOn(server, 0));
        Assert.Equal(new ServerResult(CallResult.Done, ServerSlotState.Idle, default), Path.TakeServer(server));
        Assert.Equal(ServerSlotState.User, Path.Slots.Server(server.Slot).State);
    }

    [RequiresBpfFact]
    public async Task Waiting_InTheKernel_IsReportedAndGrantedWithItsRequest()
    {
        ConcurrentQueue<KernelEvent> events = [];
        using var listening = Path.Listen(events.Enqueue);
        var (backend, server) = Bench.AddIdleServer();
        var (client, _, key) = Bench.AddArmedClient();
        Path.TakeServer(server);
        Path.Slots.Pool((uint)Bench.Pool).Set(PoolSlotFlags.CanGrow, on: true);
        LoopbackPair.Send(client, Query);
        Assert.Equal(ClientSlotState.Waiting, Path.Slots.Client(key.Slot).State);
        await Eventually.TrueAsync(() => events.Contains(new(KernelEventKind.Waiting, (uint)Bench.Pool, 0)), "the pool is reported");

        Assert.Equal(new HandOnResult(CallResult.Granted, key), Path.HandOn(server, KernelBench.Profile));
        var (block, length) = (Path.Slots.Client(key.Slot).Block, Path.Slots.Client(key.Slot).RequestLength);
        Assert.Equal(Query, Path.Slots.Block(block, length).ToArray());
        Assert.Equal(ClientSlotFlags.ToSend, Path.Slots.Client(key.Slot).Flags & ClientSlotFlags.ToSend);
        Assert.Equal(new WaitResult(CallResult.Done, server), Path.BeginSend(key));
        Assert.Equal(CallResult.Stale, Path.BeginSend(key).Result);
        Assert.Equal(ClientSlotFlags.None, Path.Slots.Client(key.Slot).Flags & ClientSlotFlags.ToSend);
        LoopbackPair.Send(backend, Reply);
        LoopbackPair.Expect(client, Reply, "the client");
    }

    [RequiresBpfFact]
    public void TakeServer_InAnotherStateThanWanted_IsStale()
    {
        var (_, server) = Bench.AddIdleServer();
        Assert.Equal(CallResult.Stale, Path.TakeServer(server, ServerSlotState.Linked).Result);
        Assert.Equal(ServerSlotState.Idle, Path.Slots.Server(server.Slot).State);
        Assert.Equal(CallResult.Done, Path.TakeServer(server, ServerSlotState.Idle).Result);
    }

    [RequiresBpfFact]
    public void Calls_AllocateNothing()
    {
        var client = Path.ClaimAny(Bench.Pool).Client;
        WaitAndStop(client);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            WaitAndStop(client);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [RequiresBpfFact]
    public void Take_OfAWaitingClient_BringsItsBlock()
    {
        var (_, server) = Bench.AddIdleServer();
        var (client, _, key) = Bench.AddArmedClient();
        Path.TakeServer(server);
        LoopbackPair.Send(client, Query);
        var taken = Path.Take(key);
        Assert.Equal((CallResult.Done, ClientSlotState.Waiting), (taken.Result, taken.State));
        Assert.Equal("select 1\0", Encoding.ASCII.GetString(Path.Slots.Block(taken.Block, (uint)Query.Length)[5..]));
        Assert.Equal(ClientSlotState.UserWaiting, Path.Slots.Client(key.Slot).State);
    }

    [RequiresBpfFact]
    public void HandOn_BytesOnTheirWay_IsDirty()
    {
        var (backend, server) = Bench.ConnectServer();
        LoopbackPair.Send(backend, Reply);
        Assert.Equal(CallResult.Dirty, Path.HandOn(server, KernelBench.Profile).Result);
        LoopbackPair.Expect(Bench.Ours!, Reply, "our socket");
        Assert.Equal(CallResult.Idle, Path.HandOn(server, KernelBench.Profile).Result);
    }

    [RequiresBpfFact]
    public async Task Recall_ServerThatIsLinked_IsParkedAtItsRelease()
    {
        ConcurrentQueue<KernelEvent> events = [];
        using var listening = Path.Listen(events.Enqueue);
        var (backend, server) = Bench.AddIdleServer();
        var (client, _, _) = Bench.AddArmedClient();
        Exchange(client, backend, Query, InTransaction);
        Assert.Equal((CallResult.Done, ServerSlotState.Linked), (Path.Recall(server).Result, Path.Slots.Server(server.Slot).State));
        Exchange(client, backend, Query, Reply);
        await Eventually.TrueAsync(() => events.Contains(new(KernelEventKind.Parked, server.Slot, server.Generation)), "the server is reported");
        Assert.Equal((CallResult.Done, ServerSlotState.Parked), (Path.TakeServer(server) is var taken ? taken.Result : 0, taken.State));
    }

    [RequiresBpfFact]
    public async Task Cancel_OnItsWay_TheServerIsNotLentOn()
    {
        var (backend, server) = Bench.AddIdleServer();
        var (client, _, key) = Bench.AddArmedClient();
        Assert.Equal(CallResult.Stale, Path.CancelBegin(server, key));
        Exchange(client, backend, Query, InTransaction);
        Assert.Equal(CallResult.Done, Path.CancelBegin(server, key));
        Exchange(client, backend, Query, Reply);
        await Eventually.TrueAsync(() => Path.Slots.Server(server.Slot).State == ServerSlotState.Parked, "the server is parked");
        Assert.Equal((CallResult.Done, ServerSlotState.Parked), (Path.CancelEnd(server) is var ended ? ended.Result : 0, ended.State));
    }

    [RequiresBpfFact]
    public async Task Events_HandlerThrows_TheNextOneComes()
    {
        ConcurrentQueue<KernelEvent> events = [];
        using var listening = Path.Listen(one =>
        {
            events.Enqueue(one);
            throw new InvalidOperationException("a fault of the handler");
        });
        var (_, server) = Bench.AddIdleServer();
        Path.TakeServer(server);
        Path.Slots.Pool((uint)Bench.Pool).Raise(PoolSlotFlags.CanGrow);
        LoopbackPair.Send(Bench.AddArmedClient().Client, Query);
        LoopbackPair.Send(Bench.AddArmedClient().Client, Query);
        await Eventually.TrueAsync(() => events.Count == 2, "both are reported");
    }

    [RequiresBpfFact]
    public void Pool_FreedAndAllocated_BeginsAnew()
    {
        var (backend, _) = Bench.AddIdleServer();
        Transact(Bench.AddArmedClient().Client, backend);
        Path.FreePool(Bench.Pool);
        Assert.Equal(Bench.Pool, Path.AllocatePool());
        Assert.Equal(0ul, Path.Statistics(Bench.Pool).Queries);
        Assert.Equal((PoolSlotFlags.None, 0u), (Path.Slots.Pool((uint)Bench.Pool).Flags, Path.Slots.Pool((uint)Bench.Pool).Budget));
    }

    [RequiresBpfFact]
    public void Slots_BeyondTheTable_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Path.Slots.Client(SlotLimits.Clients).State);
        Assert.Throws<ArgumentOutOfRangeException>(() => Path.Slots.Server(SlotLimits.Servers).State);
        Assert.Throws<ArgumentOutOfRangeException>(() => Path.Slots.Pool(SlotLimits.Pools).Flags);
        Assert.Throws<ArgumentOutOfRangeException>(() => Path.Slots.Block(0, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => Path.Slots.Block(101, 1).Length);
        var slots = Path.Slots;
        Path.Dispose();
        Assert.Throws<ObjectDisposedException>(() => slots.Client(1).State);
    }

    public void Dispose() => _bench?.Dispose();

    private void WaitAndStop(ClientKey client)
    {
        Path.Wait(client, KernelBench.Profile, first: false);
        Path.StopWaiting(client);
    }

    private static void Transact(Socket client, Socket backend) => Exchange(client, backend, Query, Reply);

    private static void Exchange(Socket client, Socket backend, byte[] request, byte[] reply)
    {
        LoopbackPair.Send(client, request);
        LoopbackPair.Expect(backend, request, "the backend");
        LoopbackPair.Send(backend, reply);
        LoopbackPair.Expect(client, reply, "the client");
    }
}
