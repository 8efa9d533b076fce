using System.Runtime.InteropServices;

namespace Tigger.Kernel.Copies;

/// <summary>struct tg_copy without the bytes behind it.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Slot">The client's; <see cref="CopyKind.Answered"/>: the mirror's.</param>
/// <param name="Generation">The client's.</param>
/// <param name="Sequence">One more with each record of a client.</param>
/// <param name="Ended">The client's transactions that had ended.</param>
/// <param name="Length">Bytes behind it.</param>
/// <param name="Time">CLOCK_MONOTONIC, nanoseconds.</param>
/// <param name="Busy">End: nanoseconds of the transaction in which something was owed.</param>
/// <param name="Rows">End: its rows, by the command tags.</param>
/// <param name="Replied">End: bytes of its replies.</param>
/// <param name="Server">End: slot of its server.</param>
/// <param name="ServerGeneration">That server's.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct CopyHead(
    CopyKind Kind, uint Slot, uint Generation, uint Sequence, uint Ended, uint Length, ulong Time, ulong Busy, ulong Rows, ulong Replied, uint Server,
    uint ServerGeneration);
