using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tigger.Kernel.Interop;

/// <summary>Owns a <c>struct ring_buffer</c> and keeps alive the managed object its callback is called with.</summary>
internal sealed class RingBufferHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    private GCHandle _context;

    /// <summary>Takes over the handle that was passed as context.</summary>
    public void Keep(GCHandle context) => _context = context;

    protected override bool ReleaseHandle()
    {
        LibBpf.FreeRingBuffer(handle);
        if (_context.IsAllocated) _context.Free();
        return true;
    }
}
