using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Tigger.Kernel;

/// <summary>What programs share with user space and with the sockets of others.</summary>
internal sealed partial class SelfTest
{
    private const int LockedSends = 500;

    private static readonly TimeSpan RecordPatience = TimeSpan.FromSeconds(2);

    /// <summary>sk_msg and a SYSCALL program exclude each other, on two threads at once.</summary>
    public string Lock()
    {
        using LoopbackPair pair = Connect("probe_lock");
        ulong before = probe.Pool().Taken;
        using CancellationTokenSource stop = new();
        Task<ulong> calls = Task.Run(() => VisitUntil(stop.Token));
        for (int i = 0; i < LockedSends; i++)
        {
            LoopbackPair.Send(pair.Near, "."u8);
            LoopbackPair.Expect(pair.Far, "."u8, "the peer");
        }

        stop.Cancel();
        ulong expected = before + calls.GetAwaiter().GetResult() + LockedSends;
        ProbeLayout.Pool pool = probe.Pool();
        return pool.Torn == 0 && pool.Taken == expected && pool.Returned == expected
            ? $"{LockedSends} visits by sk_msg beside {expected - before - LockedSends} by a SYSCALL program, none lost or torn"
            : throw new SelfTestException($"{pool.Taken} and {pool.Returned} visits counted instead of {expected}, {pool.Torn} of them torn");
    }

    /// <summary>A record arrives and tells what is in the sender's TCP receive queue.</summary>
    public string Report()
    {
        using LoopbackPair pair = Connect("probe_report");
        List<ProbeLayout.Record> records = [];
        using RingBufferReader reader = probe.Records(bytes => records.Add(MemoryMarshal.Read<ProbeLayout.Record>(bytes)));
        LoopbackPair.Send(pair.Far, "unread"u8);
        if (!pair.Near.Poll(RecordPatience, SelectMode.SelectRead)) throw new SelfTestException("6 bytes passed on did not arrive");
        LoopbackPair.Send(pair.Near, "four"u8);
        while (records.Count < 2 && reader.Poll(RecordPatience) > 0)
        {
        }

        ProbeLayout.Record record = records.Find(one => one.Slot == NearSlot);
        return record is { Size: 4, Unread: 6, BytesReceived: 6 }
            ? "records arrive, with the state of struct tcp_sock"
            : throw new SelfTestException(
                $"{records.Count} records, the expected one with size {record.Size}, {record.Unread} unread of {record.BytesReceived} received");
    }

    /// <summary>A program sees how much its peer has not read: redirection has no other brake.</summary>
    public string Credit()
    {
        using LoopbackPair pair = Connect("probe_credit");
        byte[] kilobyte = new byte[1024];
        // A program learns where the kernel has its own socket only, hence the first message.
        LoopbackPair.Send(pair.Near, "here I am"u8);
        LoopbackPair.Send(pair.Far, kilobyte);
        ExpectUnread(pair.Far, 0);
        LoopbackPair.Send(pair.Far, kilobyte);
        ExpectUnread(pair.Far, kilobyte.Length);
        LoopbackPair.Expect(pair.Near, [.. kilobyte, .. kilobyte], "the peer");
        LoopbackPair.Send(pair.Far, kilobyte);
        ExpectUnread(pair.Far, 0);
        uint element = probe.EndOf(pair.Near)!.Value.Element;
        return element == "here I am".Length
            ? "a program reads its peer's receive memory and the lengths of a message's elements"
            : throw new SelfTestException($"a message of {"here I am".Length} bytes begins with an element of {element}");
    }

    /// <summary>Both ends of a registered address pair enter when it is established, and no other connection's.</summary>
    public string Establish()
    {
        probe.Use("probe_redirect");
        using CgroupDirectory directory = new(cgroup);
        using IDisposable watch = probe.Watch(directory);
        using LoopbackPair pair = ConnectRegistered(IPAddress.Loopback, IPAddress.Loopback);
        if (probe.CookieIn(NearSlot) != pair.Near.Cookie() || probe.CookieIn(FarSlot) != pair.Far.Cookie())
        {
            throw new SelfTestException("a registered connection's sockets did not enter");
        }

        LoopbackPair.Send(pair.Near, "co-located"u8);
        LoopbackPair.Expect(pair.Far, "co-located"u8, "the peer");
        ExpectNoTcp(pair.Far);
        using LoopbackPair other = LoopbackPair.Connect();
        return probe.EndOf(other.Near) is null && probe.EndOf(other.Far) is null
            ? "both ends of a registered address pair enter before their first byte, another connection's do not"
            : throw new SelfTestException("a connection entered that was not registered");
    }

    /// <summary>
    /// What arrives is sent by the very socket it came to, and that send runs its sk_msg program, which takes it elsewhere: the
    /// peer gets nothing back. Twice, because the first segment starts a worker.
    /// </summary>
    public string Arrive(string program)
    {
        using LoopbackPair pair = Connect(program);
        probe.SeeArrivals(pair.Near);
        for (uint round = 1; round <= 2; round++)
        {
            LoopbackPair.Send(pair.Far, "segment"u8);
            LoopbackPair.Expect(pair.Near, "segment"u8, "the socket it was sent to");
            ExpectRuns(pair.Near, round);
        }

        LoopbackPair.Send(pair.Near, "answer"u8);
        LoopbackPair.Expect(pair.Far, "answer"u8, "the peer");
        ulong received = pair.Far.BytesReceivedByTcp();
        return received == (ulong)"answer"u8.Length
            ? "a worker sends what has arrived, by the socket it came to, and that runs sk_msg"
            : throw new SelfTestException($"{received} bytes came by TCP");
    }

    /// <summary>Connects after registering both directions, near in <see cref="NearSlot"/>.</summary>
    public LoopbackPair ConnectRegistered(IPAddress from, IPAddress to)
    {
        using Socket any = new(SocketType.Stream, ProtocolType.Tcp);
        ulong netns = any.NamespaceCookie();
        return LoopbackPair.Connect(from, to, (near, far) =>
        {
            probe.Register(netns, near, far, NearSlot);
            probe.Register(netns, far, near, FarSlot);
        });
    }

    private void ExpectUnread(Socket sender, int expected)
    {
        uint unread = probe.EndOf(sender)!.Value.Unread;
        if (unread != expected) throw new SelfTestException($"the peer's receive memory reads {unread} bytes instead of {expected}");
    }

    private ulong VisitUntil(CancellationToken stop)
    {
        ulong visits = 0;
        do
        {
            ProbeLayout.Visit visit = new() { Rounds = ProbeLayout.Rounds };
            visits += (ulong)probe.VisitPool(ref visit);
        }
        while (!stop.IsCancellationRequested);
        return visits;
    }
}
