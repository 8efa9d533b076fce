using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tigger.Tests.Fixtures;

/// <summary>
/// Two network devices (TUN) and what carries packets between them: late, in order, and not all of them. What netem does, but
/// many kernels have no netem. Disposing takes the devices away.
/// </summary>
internal sealed unsafe class BadCable : IDisposable
{
    private const int LongestPacket = 65536;
    private const int PollMilliseconds = 5;

    private readonly SafeFileHandle _near;
    private readonly SafeFileHandle _far;
    private readonly double _loss;
    private readonly TimeSpan _delay;
    private readonly Thread[] _carriers;
    private volatile bool _stopped;

    /// <param name="device">Name of both devices.</param>
    /// <param name="far">Where the other one is.</param>
    /// <param name="loss">Share of the packets that is lost, in either direction.</param>
    /// <param name="delay">How long a packet takes, in either direction.</param>
    internal BadCable(string device, NetworkNamespace far, double loss, TimeSpan delay)
    {
        _loss = loss;
        _delay = delay;
        _near = Open(device);
        _far = far.Run(() => Open(device));
        _carriers = [new(() => Carry(_near, _far)) { IsBackground = true }, new(() => Carry(_far, _near)) { IsBackground = true }];
        foreach (var carrier in _carriers)
            carrier.Start();
    }

    public void Dispose()
    {
        _stopped = true;
        foreach (var carrier in _carriers)
            carrier.Join();
        _near.Dispose();
        _far.Dispose();
    }

    private static SafeFileHandle Open(string device)
    {
        const nuint SetInterface = 0x400454ca; // TUNSETIFF
        const short PacketsOnly = 0x1001;      // IFF_TUN | IFF_NO_PI
        const int NameLength = 16, RequestLength = 40;
        var handle = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Span<byte> request = stackalloc byte[RequestLength];
        request.Clear();
        Encoding.ASCII.GetBytes(device, request[..NameLength]);
        MemoryMarshal.Write(request[NameLength..], PacketsOnly);
        fixed (byte* start = request)
        {
            if (LibC.Control((int)handle.DangerousGetHandle(), SetInterface, start) != 0)
                throw new Win32Exception(Marshal.GetLastPInvokeError(), $"TUNSETIFF {device}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        return handle;
    }

    private void Carry(SafeFileHandle from, SafeFileHandle to)
    {
        var (source, target) = ((int)from.DangerousGetHandle(), (int)to.DangerousGetHandle());
        var random = new Random();
        var under = new Queue<(byte[] Packet, long Sent)>();
        var buffer = new byte[LongestPacket];
        while (!_stopped)
        {
            LibC.PollEntry entry = new() { Descriptor = source, Wanted = LibC.PollReadable };
            var isReady = LibC.Poll(&entry, 1, under.Count == 0 ? PollMilliseconds : 1) > 0;
            if (isReady)
            {
                fixed (byte* start = buffer)
                {
                    var length = (int)LibC.Read(source, start, LongestPacket);
                    if (length > 0 && random.NextDouble() >= _loss)
                        under.Enqueue((buffer[..length], Stopwatch.GetTimestamp()));
                }
            }

            while (under.TryPeek(out var first) && Stopwatch.GetElapsedTime(first.Sent) >= _delay)
            {
                fixed (byte* start = under.Dequeue().Packet)
                    _ = LibC.Write(target, start, (nuint)first.Packet.Length);
            }
        }
    }
}
