using Tigger.Kernel.Copies;
using Tigger.Kernel.Interop;
using Tigger.Kernel.Slots;

namespace Tigger.Kernel;

/// <summary>What is copied for mirrors, and what they answer.</summary>
public sealed unsafe partial class KernelPath
{
    private readonly FreeNumbers _freeMirrors = new(0, SlotLimits.Mirrors);
    private MapMemory? _mirrorSlots;

    private BpfMap MirrorSockets => _object.Map("mirror_sockets");

    private BpfMap MirrorEnds => _object.Map("mirror_ends");

    /// <summary>Starts a thread that calls <paramref name="receiver"/> with every copy, until the result is disposed.</summary>
    public CopyReader ReadCopies(CopyReceiver receiver) => new(_object.Map("copies"), _object.Map("copying"), receiver, _logger);

    /// <param name="slot">As <see cref="EnterMirror"/> gave it.</param>
    public ref MirrorSlot Mirror(int slot) => ref ((MirrorSlot*)_mirrorSlots!.Start)[slot];

    /// <summary>
    /// From now on the program sees what arrives from a mirror, and leaves it to C# until <see cref="MirrorSlot.Begin"/>. What
    /// arrived before must have been read to the last byte.
    /// </summary>
    /// <param name="descriptor">A connection over TCP, not encrypted.</param>
    /// <param name="cookie">SO_COOKIE of it.</param>
    /// <returns>Its slot; negative: all are used.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public int EnterMirror(int descriptor, ulong cookie)
    {
        int slot = _freeMirrors.Take();
        if (slot < 0)
        {
            return slot;
        }

        MirrorSlot.Leave(ref Mirror(slot));
        try
        {
            MirrorEnds.Update(cookie, (uint)slot);
            MirrorSockets.Update(cookie, (ulong)descriptor);
            return slot;
        }
        catch
        {
            LeaveMirror(slot, cookie);
            throw;
        }
    }

    /// <summary>The connection is being closed.</summary>
    public void LeaveMirror(int slot, ulong cookie)
    {
        MirrorSlot.Leave(ref Mirror(slot));
        MirrorEnds.Delete(cookie);
        _freeMirrors.Return(slot);
    }
}
