using System.Runtime.InteropServices;

namespace Tigger.Kernel.Slots;

/// <summary>struct tg_pool. What can be set here is C#'s alone, the lists are the programs'.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PoolSlot
{
    private uint _flags;
    private readonly uint _idleFirst;
    private readonly uint _idleLast;
    private readonly uint _idleCount;
    private readonly uint _waitingFirst;
    private readonly uint _waitingLast;
    private readonly uint _waitingCount;
    private uint _budget;
    private ulong _checkDelay;
    private uint _maxMessage;
    private readonly uint _padding;

    public readonly PoolSlotFlags Flags => (PoolSlotFlags)Volatile.Read(in _flags);

    /// <summary>Idle servers.</summary>
    public readonly uint IdleCount => Volatile.Read(in _idleCount);

    /// <summary>Slot of the client that is the next to get a server; 0: nobody waits.</summary>
    public readonly uint WaitingFirst => Volatile.Read(in _waitingFirst);

    /// <summary>Waiting clients.</summary>
    public readonly uint WaitingCount => Volatile.Read(in _waitingCount);

    /// <summary>Most bytes that a receiver may have unread, redirected.</summary>
    public uint Budget
    {
        readonly get => Volatile.Read(in _budget);
        set => Volatile.Write(ref _budget, value);
    }

    /// <summary>Nanoseconds: a server unused for longer is tested before it is lent; 0: never.</summary>
    public ulong CheckDelay
    {
        readonly get => Volatile.Read(in _checkDelay);
        set => Volatile.Write(ref _checkDelay, value);
    }

    /// <summary>Largest length field of a client's message, bytes; 0: any.</summary>
    public uint MaxMessage
    {
        readonly get => Volatile.Read(in _maxMessage);
        set => Volatile.Write(ref _maxMessage, value);
    }

    /// <summary>Sets flags, atomically.</summary>
    public void Raise(PoolSlotFlags flags) => Interlocked.Or(ref _flags, (uint)flags);

    /// <summary>Clears flags, atomically.</summary>
    public void Lower(PoolSlotFlags flags) => Interlocked.And(ref _flags, ~(uint)flags);

    /// <summary>Sets or clears flags, atomically.</summary>
    public void Set(PoolSlotFlags flags, bool on)
    {
        if (on)
        {
            Raise(flags);
        }
        else
        {
            Lower(flags);
        }
    }
}
