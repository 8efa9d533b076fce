using System.Net.Sockets;

namespace Tigger.Kernel;

/// <summary>
/// Measures on loopback connections of this process what the data path relies on. Each case puts one program of the probe on a
/// fresh connection; no other socket of the machine is touched.
/// </summary>
internal sealed partial class SelfTest(ProbeObject probe, string cgroup)
{
    private const uint NearSlot = 0;
    private const uint FarSlot = 1;

    /// <summary>What PostgreSQL on another host needs, apart from the others because it is measured at every start.</summary>
    public static SelfTestCase Arrivals { get; } = new("arrivals", test => test.Arrive("probe_arrived"), IsForRemoteServers: true);

    public static IReadOnlyList<SelfTestCase> Cases { get; } =
    [
        new("redirect", test => test.Redirect()),
        new("push_data", test => test.Push()),
        new("swallow", test => test.Swallow()),
        new("apply_bytes", test => test.Apply()),
        new("inject", test => test.Inject()),
        new("leave", test => test.Leave()),
        new("spin lock", test => test.Lock()),
        new("ring buffer", test => test.Report()),
        new("credit", test => test.Credit()),
        new("sock_ops", test => test.Establish()),
        Arrivals,
    ];

    /// <summary>A message reaches the peer's receive queue without TCP.</summary>
    public string Redirect()
    {
        RedirectBy("probe_redirect", "word"u8, runs: 1);
        return "a message reaches its peer's receive queue, 0 bytes by TCP; socket storage is found";
    }

    /// <summary>Expects of a program that it redirects, in both directions, and how often it runs for one message.</summary>
    public void RedirectBy(string program, ReadOnlySpan<byte> message, uint runs)
    {
        using LoopbackPair pair = Connect(program);
        LoopbackPair.Send(pair.Near, message);
        LoopbackPair.Expect(pair.Far, message, "the peer");
        ExpectRuns(pair.Near, runs);
        LoopbackPair.Send(pair.Far, message);
        LoopbackPair.Expect(pair.Near, message, "the peer");
        ExpectNoTcp(pair.Near);
        ExpectNoTcp(pair.Far);
    }

    /// <summary>Bytes are added behind a message.</summary>
    public string Push()
    {
        using LoopbackPair pair = Connect("probe_push");
        LoopbackPair.Send(pair.Near, "head and "u8);
        LoopbackPair.Expect(pair.Far, [.. "head and "u8, .. ProbeLayout.Word], "the peer");
        ExpectRuns(pair.Near, 1);
        return $"{ProbeLayout.Word.Length} bytes added behind a message arrive with it";
    }

    /// <summary>A message vanishes without its sender noticing. The next one proves that nothing of it was on its way.</summary>
    public string Swallow()
    {
        using LoopbackPair pair = Connect("probe_swallow");
        LoopbackPair.Send(pair.Near, "-swallow this"u8);
        LoopbackPair.Send(pair.Near, "deliver this"u8);
        LoopbackPair.Expect(pair.Far, "deliver this"u8, "the peer");
        ExpectRuns(pair.Near, 1);
        ulong received = pair.Far.BytesReceivedByTcp();
        return received == (ulong)"deliver this"u8.Length
            ? "a whole message is taken away, its send() returns its length, nothing is transmitted"
            : throw new SelfTestException($"{received} bytes came by TCP");
    }

    /// <summary>The program runs again on the rest of a send.</summary>
    public string Apply()
    {
        using LoopbackPair pair = Connect("probe_apply");
        ReadOnlySpan<byte> message = "0123456789"u8;
        LoopbackPair.Send(pair.Near, message);
        LoopbackPair.Expect(pair.Far, message, "the peer");
        int runs = (message.Length + ProbeLayout.ApplyBytes - 1) / ProbeLayout.ApplyBytes;
        ExpectRuns(pair.Near, (uint)runs);
        ExpectNoTcp(pair.Far);
        return $"{runs} runs over one send of {message.Length} bytes";
    }

    /// <summary>Bytes reach the sender's own receive queue; twice, because what apply_bytes leaves behind breaks the second send.</summary>
    public string Inject()
    {
        using LoopbackPair pair = Connect("probe_inject");
        for (uint round = 1; round <= 2; round++)
        {
            LoopbackPair.Send(pair.Near, "response"u8);
            LoopbackPair.Expect(pair.Far, "response"u8, "the peer");
            LoopbackPair.Expect(pair.Near, ProbeLayout.Word, "the sender");
            ExpectRuns(pair.Near, 2 * round);
        }

        ExpectNoTcp(pair.Near);
        ExpectNoTcp(pair.Far);
        return "a send leaves bytes in its own socket's receive queue and its message at the peer, twice in a row";
    }

    /// <summary>Sockets that were taken out of the map are ordinary again.</summary>
    public string Leave()
    {
        using LoopbackPair pair = Connect("probe_redirect");
        LoopbackPair.Send(pair.Near, "inside"u8);
        LoopbackPair.Expect(pair.Far, "inside"u8, "the peer");
        if (!probe.Leave(NearSlot) || !probe.Leave(FarSlot)) throw new SelfTestException("a socket was not in the map");
        LoopbackPair.Send(pair.Near, "outside"u8);
        LoopbackPair.Expect(pair.Far, "outside"u8, "the peer");
        ulong received = pair.Far.BytesReceivedByTcp();
        return received == (ulong)"outside"u8.Length
            ? "sockets taken out of the map go on by TCP"
            : throw new SelfTestException($"{received} bytes came by TCP");
    }

    private LoopbackPair Connect(string program)
    {
        probe.Use(program);
        LoopbackPair pair = LoopbackPair.Connect();
        try
        {
            probe.Enter(pair.Near, NearSlot);
            probe.Enter(pair.Far, FarSlot);
            return pair;
        }
        catch
        {
            pair.Dispose();
            throw;
        }
    }

    private void ExpectRuns(Socket socket, uint runs)
    {
        ProbeLayout.End end = probe.EndOf(socket) ?? throw new SelfTestException("the socket's storage is gone");
        if (end.Runs != runs || end.Failures != 0)
        {
            throw new SelfTestException($"the program ran {end.Runs} times instead of {runs}, helpers refused {end.Failures} times");
        }
    }

    private static void ExpectNoTcp(Socket socket)
    {
        if (socket.BytesReceivedByTcp() is not 0 and var bytes) throw new SelfTestException($"{bytes} bytes came by TCP");
    }
}
