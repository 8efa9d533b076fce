using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Tigger.Kernel.Interop;
using Tigger.Net;
using LibC = Tigger.Kernel.Interop.LibC;

namespace Tigger.Kernel;

/// <summary>One thread that hands on what the programs report, in their order, until disposed.</summary>
public sealed unsafe partial class KernelEvents : IDisposable
{
    private const int Forever = -1;

    private readonly Action<KernelEvent> _handler;
    private readonly ILogger _logger;
    private readonly RingBufferReader _reader;
    private readonly int _wakeUp;
    private readonly Thread _thread;
    private bool _disposed;

    internal KernelEvents(BpfMap map, Action<KernelEvent> handler, ILogger logger)
    {
        _handler = handler;
        _logger = logger;
        _reader = new RingBufferReader(map, Receive);
        _wakeUp = Net.LibC.EventFd(0, LinuxConstants.EventFdNonBlocking | LinuxConstants.EventFdCloseOnExec);
        if (_wakeUp < 0)
        {
            _reader.Dispose();
            throw SocketFailure.Create("eventfd");
        }

        _thread = new Thread(Run) { Name = "kernel-events", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Returns when the handler will not be called any more. Not to be called by the handler.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        ulong one = 1;
        _ = Net.LibC.Write(_wakeUp, (byte*)&one, sizeof(ulong));
        _thread.Join();
        _reader.Dispose();
        _ = Net.LibC.Close(_wakeUp);
    }

    private void Run()
    {
        PollEntry* entries = stackalloc PollEntry[2];
        entries[0] = new PollEntry(_reader.EpollFd);
        entries[1] = new PollEntry(_wakeUp);
        while (entries[1].Returned == 0)
        {
            // Fails only when a signal interrupts it, and then says nothing about the two.
            if (LibC.Poll(entries, 2, Forever) < 0) continue;
            try
            {
                _reader.Consume();
            }
            catch (BpfException fault)
            {
                LogFault(_logger, fault);
            }
        }
    }

    /// <summary>Nobody is above this thread: what a handler throws is logged, and the next event is read.</summary>
    private void Receive(ReadOnlySpan<byte> record)
    {
        try
        {
            _handler(MemoryMarshal.Read<KernelEvent>(record));
        }
        catch (Exception fault)
        {
            LogFault(_logger, fault);
        }
    }

    [LoggerMessage(7400, LogLevel.Error, "an event of the kernel's data path was not handled")]
    private static partial void LogFault(ILogger logger, Exception fault);
}
