using System.Runtime.InteropServices;
using Tigger.Kernel;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Kernel;

/// <summary>What programs and user space share: a pool under a spin lock, a ring buffer.</summary>
[Collection(BpfTestsDefinition.Name)]
public sealed class SharedStateTests
{
    [RequiresBpfFact]
    public void SyscallProgram_AnswersInItsContext()
    {
        using ProbeObject probe = new();
        ProbeLayout.Visit visit = new() { Rounds = 5 };
        Assert.Equal(5, probe.VisitPool(ref visit));
        Assert.Equal(5ul, visit.Taken);
        visit.Rounds = 1000;
        Assert.Equal(ProbeLayout.Rounds, probe.VisitPool(ref visit));
        Assert.Equal(5ul + ProbeLayout.Rounds, probe.Pool().Returned);
    }

    [RequiresBpfFact]
    public void RingBuffer_ARecordPerMessageInOrder()
    {
        using ProbeObject probe = new();
        probe.Use("probe_report");
        using var pair = LoopbackPair.Connect();
        probe.Enter(pair.Near, 0);
        List<uint> sizes = [];
        using var reader = probe.Records(record => sizes.Add(MemoryMarshal.Read<ProbeLayout.Record>(record).Size));
        for (var size = 1; size <= 20; size++)
            LoopbackPair.Send(pair.Near, new byte[size]);
        while (sizes.Count < 20 && reader.Poll(TimeSpan.FromSeconds(2)) > 0)
        {
        }

        Assert.Equal(Enumerable.Range(1, 20).Select(size => (uint)size), sizes);
        Assert.Equal(0, reader.Consume());
        Assert.Equal(0u, probe.EndOf(pair.Near)!.Value.Failures);
    }

    /// <summary>A full ring buffer costs records, never a message.</summary>
    [RequiresBpfFact]
    public void RingBuffer_Full_MessagesGoOn()
    {
        const int Messages = 200;
        using ProbeObject probe = new();
        probe.Use("probe_report");
        using var pair = LoopbackPair.Connect();
        probe.Enter(pair.Near, 0);
        for (var i = 0; i < Messages; i++)
        {
            LoopbackPair.Send(pair.Near, "."u8);
            LoopbackPair.Expect(pair.Far, "."u8, "the peer");
        }

        var records = 0;
        using var reader = probe.Records(_ => records++);
        var consumed = reader.Consume();
        var lost = (int)probe.EndOf(pair.Near)!.Value.Failures;
        Assert.True(lost > 0, "4 KiB should not hold so many records");
        Assert.Equal((consumed, Messages), (records, records + lost));
    }

    [RequiresBpfFact]
    public void RingBuffer_ReceiverThrows_TheExceptionComesOutOfPoll()
    {
        using ProbeObject probe = new();
        probe.Use("probe_report");
        using var pair = LoopbackPair.Connect();
        probe.Enter(pair.Near, 0);
        var calls = 0;
        using var reader = probe.Records(_ =>
        {
            if (calls++ == 0)
                throw new InvalidDataException("first");
        });
        LoopbackPair.Send(pair.Near, "a"u8);
        LoopbackPair.Send(pair.Near, "b"u8);
        Assert.Throws<InvalidDataException>(() => reader.Poll(TimeSpan.FromSeconds(2)));
        Assert.Equal(1, reader.Consume());
        Assert.Equal(2, calls);
    }
}
