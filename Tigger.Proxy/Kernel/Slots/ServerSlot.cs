using System.Runtime.InteropServices;

namespace Tigger.Kernel.Slots;

/// <summary>
/// struct tg_server: a server as the programs see it. In the mapping it changes at any moment, so each property is one read
/// of memory and a hint; what must be true comes from a call.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly unsafe struct ServerSlot
{
    private readonly uint _state;
    private readonly uint _flags;
    private readonly uint _generation;
    private readonly uint _pool;
    private readonly uint _client;
    private readonly uint _next;
    private readonly uint _previous;
    private readonly uint _status;
    private readonly uint _lastType;
    private readonly uint _cancels;
    private readonly uint _uses;
    private readonly uint _baseWritten;
    private readonly uint _baseCopied;
    private readonly uint _sideWritten;
    private readonly FramePosition _frame;
    private readonly uint _sideCopied;
    private readonly uint _refused;
    private readonly uint _sent;
    private readonly ulong _profile;
    private readonly ulong _sock;
    private readonly ulong _side;
    private readonly ulong _lastUsed;
    private readonly StatementBits _statements;
    private readonly StatementBits _used;

    /// <summary>A server of C#'s with no history, for a slot that is free.</summary>
    public ServerSlot(uint generation, uint pool)
    {
        _state = (uint)ServerSlotState.User;
        _generation = generation;
        _pool = pool;
    }

    public ServerSlotState State => (ServerSlotState)Volatile.Read(in _state);

    public ServerSlotFlags Flags => (ServerSlotFlags)Volatile.Read(in _flags);

    public uint Generation => Volatile.Read(in _generation);

    public uint Pool => Volatile.Read(in _pool);

    /// <summary>Slot of the client linked, or taken with the server and not yet claimed by C#; 0: none.</summary>
    public uint Client => Volatile.Read(in _client);

    /// <summary>Transaction status of the last ReadyForQuery.</summary>
    public byte Status => (byte)Volatile.Read(in _status);

    /// <summary>Type of the last message it began.</summary>
    public byte LastType => (byte)Volatile.Read(in _lastType);

    /// <summary>Cancel requests on their way to this backend.</summary>
    public uint Cancels => Volatile.Read(in _cancels);

    /// <summary>Times it was lent.</summary>
    public uint Uses => Volatile.Read(in _uses);

    /// <summary>Its place in the stream it sends. Torn unless nothing is being sent: read it after the server was taken.</summary>
    public FramePosition Frame => _frame;

    /// <summary>Number of its tracked parameters; 0 agrees with none.</summary>
    public ulong Profile => Volatile.Read(in _profile);

    /// <summary>CLOCK_MONOTONIC, ns.</summary>
    public ulong LastUsed => Volatile.Read(in _lastUsed);

    /// <summary>Where the prepared statements of a slot in memory stand.</summary>
    internal static StatementMarks Marks(byte* slot) => new(&((ServerSlot*)slot)->_statements, &((ServerSlot*)slot)->_used);

    /// <summary>Where a slot in memory counts the sends that were taken away.</summary>
    internal static uint* Refusals(byte* slot) => &((ServerSlot*)slot)->_refused;
}
