using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tigger.Kernel.Slots;

/// <summary>
/// struct tg_mirror: what a mirror's connection is to answer, and has. C# writes it while nothing is on its way, then the
/// program does.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct MirrorSlot
{
    private uint _watched;
    private uint _expected;
    private readonly uint _ready;
    private readonly uint _status;
    private readonly uint _failed;
    private readonly uint _broken;
    private readonly SqlStateBytes _code;
    private readonly ulong _time;
    private readonly FramePosition _frame;
    private readonly uint _padding2;

    /// <summary>ReadyForQuery messages that have come since <see cref="Begin"/>.</summary>
    public readonly uint Ready => Volatile.Read(in _ready);

    /// <summary>Status of the last of them.</summary>
    public readonly byte Status => (byte)Volatile.Read(in _status);

    /// <summary>An ErrorResponse has come.</summary>
    public readonly bool Failed => Volatile.Read(in _failed) != 0;

    /// <summary>What came could not be walked; it is C#'s to read, and the connection to be closed.</summary>
    public readonly bool IsBroken => Volatile.Read(in _broken) != 0;

    /// <summary>
    /// The program takes in what arrives. It gives that up, with the segment that it is in and all that follows, for what C# has to
    /// read: ParameterStatus, the end of prepared statements, and what a client leaves in the session.
    /// </summary>
    public readonly bool IsWatched => Volatile.Read(in _watched) != 0;

    /// <summary>Where in a message what C# has to read begins.</summary>
    public readonly FramePosition Frame => _frame;

    /// <summary>What has come ends with a message.</summary>
    public readonly bool IsAtBoundary => _frame.HeaderBytes == 0;

    /// <summary>ReadyForQuery messages that are to come in all; to be set before what they answer is sent.</summary>
    public uint Expected
    {
        readonly get => Volatile.Read(in _expected);
        set => Volatile.Write(ref _expected, value);
    }

    /// <summary>SQLSTATE of the first ErrorResponse; zeros if it was cut in a place where it cannot be read.</summary>
    public readonly ReadOnlySpan<byte> Code => MemoryMarshal.CreateReadOnlySpan(in Unsafe.As<SqlStateBytes, byte>(ref Unsafe.AsRef(in _code)), 5);

    /// <summary>CLOCK_MONOTONIC, nanoseconds: the last of the expected ReadyForQuery.</summary>
    public readonly ulong Time => Volatile.Read(in _time);

    /// <summary>From now on the program takes in what arrives. Nothing may be on its way.</summary>
    public static void Begin(ref MirrorSlot slot, uint expected = 0)
    {
        slot = new MirrorSlot { _expected = expected };
        Volatile.Write(ref slot._watched, 1);
    }

    /// <summary>From now on C# reads what arrives. Nothing may be on its way.</summary>
    public static void Leave(ref MirrorSlot slot) => Volatile.Write(ref slot._watched, 0);

    [InlineArray(8)]
    private struct SqlStateBytes
    {
        private byte _first;
    }
}
