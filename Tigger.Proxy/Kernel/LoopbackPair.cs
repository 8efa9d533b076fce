using System.Net;
using System.Net.Sockets;

namespace Tigger.Kernel;

/// <summary>Two connected TCP sockets of this process.</summary>
internal sealed class LoopbackPair : IDisposable
{
    /// <summary>How long a byte on loopback may take before it counts as lost.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private LoopbackPair(Socket near, Socket far)
    {
        Near = near;
        Far = far;
    }

    /// <summary>The end that connected.</summary>
    public Socket Near { get; }

    /// <summary>The end that was accepted.</summary>
    public Socket Far { get; }

    public static LoopbackPair Connect() => Connect(IPAddress.Loopback, IPAddress.Loopback, (_, _) => { });

    /// <param name="from">Address of the end that connects.</param>
    /// <param name="to">Address it connects to; <c>::ffff:</c> addresses are accepted by a dual-stack listener.</param>
    /// <param name="prepare">Called with both addresses, near and far, before the connection is made.</param>
    public static LoopbackPair Connect(IPAddress from, IPAddress to, Action<IPEndPoint, IPEndPoint> prepare)
    {
        using Socket listener = Listen(to);
        IPAddress reached = from.AddressFamily == AddressFamily.InterNetwork ? to.MapToIPv4() : to;
        IPEndPoint target = new(reached, ((IPEndPoint)listener.LocalEndPoint!).Port);
        Socket near = Create(from);
        try
        {
            // Bound before it connects: only so is the address pair known in time.
            near.Bind(new IPEndPoint(from, 0));
            prepare((IPEndPoint)near.LocalEndPoint!, target);
            near.Connect(target);
            Socket far = listener.Accept();
            far.NoDelay = true;
            return new LoopbackPair(near, far);
        }
        catch
        {
            near.Dispose();
            throw;
        }
    }

    /// <summary>Sends, and expects to be told that everything was sent.</summary>
    public static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        int sent = socket.Send(bytes);
        if (sent != bytes.Length) throw new SelfTestException($"send() of {bytes.Length} bytes returned {sent}");
    }

    /// <summary>Expects exactly these bytes next.</summary>
    public static void Expect(Socket socket, ReadOnlySpan<byte> expected, string where)
    {
        byte[] received = new byte[expected.Length];
        int count = 0;
        while (count < received.Length && socket.Poll(Patience, SelectMode.SelectRead))
        {
            int read = socket.Receive(received.AsSpan(count));
            if (read == 0) break;
            count += read;
        }

        if (!expected.SequenceEqual(received.AsSpan(0, count)))
        {
            throw new SelfTestException($"{count} of {expected.Length} bytes arrived at {where}, or others than expected");
        }
    }

    public void Dispose()
    {
        Near.Dispose();
        Far.Dispose();
    }

    private static Socket Listen(IPAddress address)
    {
        Socket listener = Create(address);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen(1);
        return listener;
    }

    private static Socket Create(IPAddress address)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (address.IsIPv4MappedToIPv6) socket.DualMode = true;
        return socket;
    }
}
