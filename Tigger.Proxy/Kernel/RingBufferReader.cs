using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>Called for each record, on the thread that polls. The bytes are the kernel's and valid during the call only.</summary>
public delegate void RingBufferRecord(ReadOnlySpan<byte> record);

/// <summary>Reads a ring buffer map, from one thread at a time.</summary>
public sealed unsafe class RingBufferReader : IDisposable
{
    /// <summary>errno of a wait that a signal ended; the runtime suspends threads with signals, so it is ordinary.</summary>
    private const int Interrupted = 4;

    private readonly RingBufferHandle _handle;
    private readonly RingBufferRecord _receive;
    private ExceptionDispatchInfo? _fault;

    public RingBufferReader(BpfMap map, RingBufferRecord receive)
    {
        _receive = receive;
        GCHandle context = GCHandle.Alloc(this, GCHandleType.Weak);
        try
        {
            RingBufferHandle handle = LibBpf.NewRingBuffer(map.Fd, &Receive, GCHandle.ToIntPtr(context), 0);
            _handle = BpfException.Check(handle, $"ring_buffer__new of {map.Name}");
        }
        catch
        {
            context.Free();
            throw;
        }

        _handle.Keep(context);
    }

    /// <summary>Becomes readable when there are records, so that an event loop can wait for them. Owned by this reader.</summary>
    public int EpollFd => LibBpf.RingBufferEpollFd(_handle);

    /// <summary>Waits until there are records or the time is over, and reads what is there.</summary>
    /// <returns>The number of records read.</returns>
    public int Poll(TimeSpan timeout) => Finish(LibBpf.PollRingBuffer(_handle, (int)timeout.TotalMilliseconds), "ring_buffer__poll");

    /// <summary>Reads what is there, without waiting and whatever epoll says.</summary>
    /// <returns>The number of records read.</returns>
    public int Consume() => Finish(LibBpf.ConsumeRingBuffer(_handle), "ring_buffer__consume");

    public void Dispose() => _handle.Dispose();

    [UnmanagedCallersOnly]
    private static int Receive(nint context, byte* data, nuint size) =>
        GCHandle.FromIntPtr(context).Target is RingBufferReader reader && reader.Deliver(new ReadOnlySpan<byte>(data, (int)size)) ? 0 : -1;

    /// <summary>An exception must not cross libbpf's frames: it is kept, stops the reading and is thrown afterwards.</summary>
    private bool Deliver(ReadOnlySpan<byte> record)
    {
        try
        {
            _receive(record);
            return true;
        }
        catch (Exception fault)
        {
            _fault = ExceptionDispatchInfo.Capture(fault);
            return false;
        }
    }

    private int Finish(int result, string call)
    {
        ExceptionDispatchInfo? fault = _fault;
        _fault = null;
        fault?.Throw();
        return result == -Interrupted ? 0 : BpfException.Check(result, call);
    }
}
