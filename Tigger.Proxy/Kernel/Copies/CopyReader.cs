using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Tigger.Kernel.Interop;
using Tigger.Net;
using LibC = Tigger.Kernel.Interop.LibC;

namespace Tigger.Kernel.Copies;

/// <summary>
/// Reads the ring buffer of copies. While there is traffic a thread looks every few milliseconds, so that no program has to
/// wake anybody; without traffic it sleeps, and says so to the programs, of which the next one wakes it once.
/// </summary>
public sealed unsafe partial class CopyReader : IDisposable
{
    /// <summary>Between two looks at the ring buffer while there is traffic.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Looks without a record before it sleeps.</summary>
    private const int MostVain = 25;

    /// <summary>
    /// Milliseconds. A program that reserved its record before the thread said that it sleeps, and looked whether it does before
    /// that too, wakes nobody.
    /// </summary>
    private const int LongestSleep = 1000;

    private readonly Lock _reading = new();
    private readonly RingBufferReader _reader;
    private readonly MapMemory _state;
    private readonly CopyReceiver _receiver;
    private readonly ILogger _logger;
    private readonly int _wakeUp;
    private readonly Thread _thread;
    private volatile bool _disposed;

    internal CopyReader(BpfMap copies, BpfMap state, CopyReceiver receiver, ILogger logger)
    {
        _receiver = receiver;
        _logger = logger;
        _reader = new RingBufferReader(copies, Receive);
        _state = new MapMemory(state, state.ValueSize);
        _wakeUp = Net.LibC.EventFd(0, LinuxConstants.EventFdNonBlocking | LinuxConstants.EventFdCloseOnExec);
        if (_wakeUp < 0)
        {
            _state.Dispose();
            _reader.Dispose();
            throw SocketFailure.Create("eventfd");
        }

        _thread = new Thread(Run) { Name = "kernel-copies", IsBackground = true };
        _thread.Start();
    }

    private ref int Asleep => ref *(int*)_state.Start;

    /// <summary>Hands on what is there, on the calling thread. Any thread may, but not the receiver.</summary>
    public int Consume()
    {
        lock (_reading)
        {
            return _disposed ? 0 : _reader.Consume();
        }
    }

    /// <summary>Returns when the receiver will not be called any more. Not to be called by the receiver.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        ulong one = 1;
        _ = Net.LibC.Write(_wakeUp, (byte*)&one, sizeof(ulong));
        _thread.Join();
        lock (_reading)
        {
            _reader.Dispose();
        }

        _state.Dispose();
        _ = Net.LibC.Close(_wakeUp);
    }

    private void Run()
    {
        int vain = 0;
        while (!_disposed)
        {
            try
            {
                vain = Consume() > 0 ? 0 : vain + 1;
                if (vain < MostVain)
                {
                    Thread.Sleep(Pause);
                }
                else
                {
                    Sleep();
                    vain = 0;
                }
            }
            catch (BpfException fault)
            {
                LogFault(_logger, fault);
            }
        }
    }

    private void Sleep()
    {
        Interlocked.Exchange(ref Asleep, 1);
        if (Consume() == 0)
        {
            PollEntry* entries = stackalloc PollEntry[2];
            entries[0] = new PollEntry(_reader.EpollFd);
            entries[1] = new PollEntry(_wakeUp);
            _ = LibC.Poll(entries, 2, LongestSleep);
        }

        Interlocked.Exchange(ref Asleep, 0);
    }

    /// <summary>Nobody is above: what the receiver throws is logged, and the next record is read.</summary>
    private void Receive(ReadOnlySpan<byte> record)
    {
        try
        {
            CopyHead head = MemoryMarshal.Read<CopyHead>(record);
            _receiver(head, record.Slice(sizeof(CopyHead), (int)head.Length));
        }
        catch (Exception fault)
        {
            LogFault(_logger, fault);
        }
    }

    [LoggerMessage(7401, LogLevel.Error, "a copy for mirrors was not handled")]
    private static partial void LogFault(ILogger logger, Exception fault);
}
