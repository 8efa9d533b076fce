using System.Runtime.InteropServices;

namespace Tigger.Kernel.Slots;

/// <summary>
/// struct tg_client: a client as the programs see it. In the mapping it changes at any moment, so each property is one read
/// of memory and a hint; what must be true comes from a call.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly unsafe struct ClientSlot
{
    private readonly uint _state;
    private readonly uint _flags;
    private readonly uint _generation;
    private readonly uint _pool;
    private readonly uint _server;
    private readonly uint _owed;
    private readonly uint _open;
    private readonly uint _headExtended;
    private readonly uint _remaining;
    private readonly uint _next;
    private readonly uint _previous;
    private readonly uint _block;
    private readonly uint _requestLength;
    private readonly uint _requestOwed;
    private readonly uint _requestExtended;
    private readonly uint _baseWritten;
    private readonly uint _baseCopied;
    private readonly uint _sideWritten;
    private readonly uint _sideCopied;
    private readonly uint _small;
    private readonly uint _refused;
    private readonly uint _sent;
    private readonly uint _answered;
    private readonly uint _copied;
    private readonly uint _missed;
    private readonly uint _ended;
    private readonly uint _due;
    private readonly StatementNeeds _needs;
    private readonly ulong _profile;
    private readonly ulong _sock;
    private readonly ulong _side;
    private readonly ulong _queryStart;
    private readonly ulong _transactionStart;
    private readonly ulong _waitingSince;
    private readonly ulong _requestedAt;
    private readonly ulong _busy;
    private readonly ulong _rows;
    private readonly ulong _replied;

    public ClientSlotState State => (ClientSlotState)Volatile.Read(in _state);

    public ClientSlotFlags Flags => (ClientSlotFlags)Volatile.Read(in _flags);

    public uint Generation => Volatile.Read(in _generation);

    public uint Pool => Volatile.Read(in _pool);

    /// <summary>Slot of the server linked, or taken with the client and not yet claimed by C#; 0: none.</summary>
    public uint Server => Volatile.Read(in _server);

    /// <summary>ReadyForQuery messages expected.</summary>
    public uint Owed => Volatile.Read(in _owed);

    /// <summary>Extended query messages since the last Sync.</summary>
    public uint Open => Volatile.Read(in _open);

    /// <summary>Extended query messages of the batch that is the only one outstanding; 0: a simple query, or several batches.</summary>
    public uint HeadExtended => Volatile.Read(in _headExtended);

    /// <summary>Body bytes of its current message still to come.</summary>
    public uint Remaining => Volatile.Read(in _remaining);

    /// <summary>The waiting request's block, by number + 1; 0: none. <see cref="SlotTable.Block"/> takes it as it is.</summary>
    public uint Block => Volatile.Read(in _block);

    /// <summary>Bytes of the waiting request.</summary>
    public uint RequestLength => Volatile.Read(in _requestLength);

    /// <summary>ReadyForQuery messages it will cause.</summary>
    public uint RequestOwed => Volatile.Read(in _requestOwed);

    /// <summary>Extended query messages in it.</summary>
    public uint RequestExtended => Volatile.Read(in _requestExtended);

    /// <summary>Of <see cref="Open"/>, those that the server has completed.</summary>
    public uint Answered => Volatile.Read(in _answered);

    /// <summary>Prepared statements of the request that waits, or of the requests not answered yet. Read it after the client was taken.</summary>
    public StatementNeeds Needs => _needs;

    /// <summary>Number of its tracked parameters; 0 agrees with none.</summary>
    public ulong Profile => Volatile.Read(in _profile);

    /// <summary>CLOCK_MONOTONIC, ns; 0: not in a query.</summary>
    public ulong QueryStart => Volatile.Read(in _queryStart);

    /// <summary>CLOCK_MONOTONIC, ns; 0: not in a transaction.</summary>
    public ulong TransactionStart => Volatile.Read(in _transactionStart);

    /// <summary>CLOCK_MONOTONIC, ns.</summary>
    public ulong WaitingSince => Volatile.Read(in _waitingSince);

    /// <summary>CLOCK_MONOTONIC, ns: its last request.</summary>
    public ulong RequestedAt => Volatile.Read(in _requestedAt);

    /// <summary>Number of its last copy for mirrors.</summary>
    public uint Copied => Volatile.Read(in _copied);

    /// <summary>Number of its last copy for which the ring buffer had no room.</summary>
    public uint Missed => Volatile.Read(in _missed);

    /// <summary>Transactions that were copied to their end, or should have been.</summary>
    public uint Ended => Volatile.Read(in _ended);

    /// <summary>Nanoseconds of the transaction under way in which something was owed, but for the query under way; of mirrored clients only.</summary>
    public ulong Busy => Volatile.Read(in _busy);

    /// <summary>Rows of the transaction under way, by the command tags; of mirrored clients only.</summary>
    public ulong Rows => Volatile.Read(in _rows);

    /// <summary>Bytes of replies in the transaction under way; of mirrored clients only.</summary>
    public ulong Replied => Volatile.Read(in _replied);

    /// <summary>Where a slot in memory counts the sends that were taken away.</summary>
    internal static uint* Refusals(byte* slot) => &((ClientSlot*)slot)->_refused;
}
