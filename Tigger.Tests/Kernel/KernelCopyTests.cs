using System.Net.Sockets;
using Tigger.Kernel;
using Tigger.Kernel.Calls;
using Tigger.Kernel.Copies;
using Tigger.Kernel.Slots;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Kernel;

/// <summary>What the programs copy for mirrors while they move it.</summary>
[Collection(BpfTestsDefinition.Name)]
public sealed class KernelCopyTests : IDisposable
{
    private static readonly byte[] Query = KernelBench.Message('Q', [.. "select 1"u8, 0]);
    private static readonly byte[] Reply = [.. KernelBench.Message('C', [.. "SELECT 1"u8, 0]), .. KernelBench.Message('Z', "I"u8)];
    private static readonly byte[] InTransaction = KernelBench.Message('Z', "T"u8);

    private readonly KernelBench? _bench = BpfAvailability.SkipReason is null ? new() : null;
    private readonly List<(CopyHead Head, byte[] Bytes)> _copies = [];
    private readonly CopyReader? _reader;

    public KernelCopyTests() => _reader = _bench?.Path.ReadCopies((in CopyHead head, ReadOnlySpan<byte> bytes) => _copies.Add((head, bytes.ToArray())));

    private KernelBench Bench => _bench!;

    private KernelPath Path => Bench.Path;

    [RequiresBpfFact]
    public void Transaction_OfACopiedClient_IsRequestsAndAnEnd()
    {
        var (backend, _) = Bench.AddIdleServer();
        var (client, _, key) = Bench.AddArmedClient(copied: true);
        byte[] second = KernelBench.Message('Q', [.. new string('x', 1500).Select(letter => (byte)letter), 0]);
        Exchange(client, backend, Query, InTransaction);
        Exchange(client, backend, second, Reply);
        Exchange(client, backend, Query, Reply);
        Expect(key, (CopyKind.Request, Query), (CopyKind.Request, second), (CopyKind.End, []), (CopyKind.Request, Query), (CopyKind.End, []));
        Assert.Equal([0u, 0u, 1u, 1u, 2u], _copies.Select(copy => copy.Head.Ended));
        Assert.True(_copies[2].Head.Busy > 0);
        Assert.Equal(2u, Path.Slots.Client(key.Slot).Ended);
    }

    [RequiresBpfFact]
    public void Transaction_OfAnother_IsNotCopied()
    {
        var (backend, _) = Bench.AddIdleServer();
        var (client, _, key) = Bench.AddArmedClient();
        Exchange(client, backend, Query, Reply);
        Expect(key);
        Assert.Equal(0u, Path.Slots.Client(key.Slot).Copied);
    }

    [RequiresBpfFact]
    public void Request_ThatWaits_IsCopiedOnce()
    {
        var (backend, _) = Bench.AddIdleServer();
        var (first, _, firstKey) = Bench.AddArmedClient(copied: true);
        var (second, _, secondKey) = Bench.AddArmedClient(copied: true);
        LoopbackPair.Send(first, Query);
        LoopbackPair.Expect(backend, Query, "the backend");
        LoopbackPair.Send(second, Query);
        Assert.Equal(ClientSlotState.Waiting, Path.Slots.Client(secondKey.Slot).State);
        LoopbackPair.Send(backend, Reply);
        LoopbackPair.Expect(first, Reply, "the first");
        LoopbackPair.Expect(backend, Query, "the backend");
        LoopbackPair.Send(backend, Reply);
        LoopbackPair.Expect(second, Reply, "the second");
        Expect(secondKey, (CopyKind.Request, Query), (CopyKind.End, []));
        Expect(firstKey, (CopyKind.Request, Query), (CopyKind.End, []));
    }

    [RequiresBpfTheory]
    [InlineData(SlotLimits.LongestCopy - 5, true)]
    [InlineData(SlotLimits.LongestCopy - 4, false)]
    public void Request_OfThisLength_IsCopiedOrPassedUp(int body, bool isCopied)
    {
        var (backend, _) = Bench.AddIdleServer();
        var (client, accepted, key) = Bench.AddArmedClient(copied: true);
        byte[] query = KernelBench.Message('Q', new byte[body]);
        LoopbackPair.Send(client, query);
        LoopbackPair.Expect(isCopied ? backend : accepted, query, "where it goes");
        Expect(key, isCopied ? [(CopyKind.Request, query)] : []);
        Assert.Equal(isCopied ? 0ul : 1, Path.Counter(KernelCounter.EscapeMirror));
        Assert.Equal(isCopied ? ClientSlotState.Linked : ClientSlotState.User, Path.Slots.Client(key.Slot).State);
    }

    [RequiresBpfFact]
    public void Request_ThatIsCut_IsPassedUpWhole()
    {
        Bench.AddIdleServer();
        var (client, accepted, key) = Bench.AddArmedClient(copied: true);
        LoopbackPair.Send(client, Query.AsSpan(0, 8));
        LoopbackPair.Send(client, Query.AsSpan(8));
        LoopbackPair.Expect(accepted, Query, "our end");
        Expect(key);
    }

    [RequiresBpfFact]
    public void Reply_WithAnError_IsPassedUp()
    {
        var (backend, server) = Bench.AddIdleServer();
        var (client, _, key) = Bench.AddArmedClient(copied: true);
        byte[] error = [.. KernelBench.Message('E', [.. "SERROR"u8, 0, .. "VERROR"u8, 0, .. "C23505"u8, 0, 0]), .. KernelBench.Message('Z', "I"u8)];
        LoopbackPair.Send(client, Query);
        LoopbackPair.Expect(backend, Query, "the backend");
        LoopbackPair.Send(backend, error);
        LoopbackPair.Expect(Bench.Ours!, error, "our end");
        Assert.Equal((CallResult.Done, server), (Path.Take(key).Result, Path.Slots.Server(server.Slot).State == ServerSlotState.User ? server : default));
        Expect(key, (CopyKind.Request, Query));
    }

    [RequiresBpfFact]
    public void Request_ToAServerThatIsGone_IsTakenBack()
    {
        var (backend, _) = Bench.AddIdleServer();
        var (client, accepted, key) = Bench.AddArmedClient(copied: true);
        Exchange(client, backend, Query, InTransaction);
        backend.Close(0);
        LoopbackPair.Send(client, Query);
        LoopbackPair.Expect(accepted, Query, "our end");
        Expect(key, (CopyKind.Request, Query), (CopyKind.Request, Query), (CopyKind.Lost, []));
    }

    [RequiresBpfFact]
    public void Transactions_BeyondTheRoom_GoOnAndAreMarked()
    {
        using KernelBench bench = new(copyBytes: Environment.SystemPageSize);
        var (backend, _) = bench.AddIdleServer();
        var (client, _, key) = bench.AddArmedClient(copied: true);
        const int Count = 200;
        for (int i = 0; i < Count; i++)
            Exchange(client, backend, Query, Reply);
        ref readonly var slot = ref bench.Path.Slots.Client(key.Slot);
        Assert.Equal((2u * Count, 2u * Count, (uint)Count), (slot.Copied, slot.Missed, slot.Ended));
        List<CopyHead> read = [];
        using var reader = bench.Path.ReadCopies((in CopyHead head, ReadOnlySpan<byte> _) => read.Add(head));
        reader.Consume();
        Exchange(client, backend, Query, Reply);
        reader.Consume();
        Assert.Equal([(CopyKind.Request, 2u * Count + 1, (uint)Count), (CopyKind.End, 2u * Count + 2, Count + 1u)],
            read[^2..].Select(head => (head.Kind, head.Sequence, head.Ended)));
        Assert.Equal(read.Select(head => head.Sequence).Distinct().Order(), read.Select(head => head.Sequence));
        Assert.Equal(2ul * Count - (ulong)(read.Count - 2), bench.Path.Counter(KernelCounter.CopyMissed));
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _bench?.Dispose();
    }

    private static void Exchange(Socket client, Socket backend, byte[] request, byte[] reply)
    {
        LoopbackPair.Send(client, request);
        LoopbackPair.Expect(backend, request, "the backend");
        LoopbackPair.Send(backend, reply);
        LoopbackPair.Expect(client, reply, "the client");
    }

    private void Expect(ClientKey key, params (CopyKind Kind, byte[] Bytes)[] expected)
    {
        _reader!.Consume();
        var own = _copies.Where(copy => (copy.Head.Slot, copy.Head.Generation) == (key.Slot, key.Generation)).ToList();
        Assert.Equal(expected, own.Select(copy => (copy.Head.Kind, copy.Bytes)));
        Assert.Equal(Enumerable.Range(1, own.Count).Select(number => (uint)number), own.Select(copy => copy.Head.Sequence));
    }
}
