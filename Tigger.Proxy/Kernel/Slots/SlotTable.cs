using System.Runtime.CompilerServices;
using Tigger.Kernel.Calls;
using Tigger.Kernel.Interop;

namespace Tigger.Kernel.Slots;

/// <summary>
/// The slots that the programs and C# share, in this process's memory. No lock is held while reading: what is read may have
/// changed by the time it is used. References into it are valid until <see cref="Dispose"/>, and deadly afterwards.
/// </summary>
public sealed unsafe class SlotTable : IDisposable
{
    // struct tg_slots, in bytes.
    internal const int PoolsOffset = 0;
    internal static readonly int ServersOffset = PoolsOffset + SlotLimits.Pools * sizeof(PoolSlot);
    internal static readonly int ClientsOffset = ServersOffset + SlotLimits.Servers * sizeof(ServerSlot);
    internal static readonly int Length = ClientsOffset + SlotLimits.Clients * sizeof(ClientSlot);

    private readonly MapMemory _slots;
    private readonly MapMemory _blocks;
    private readonly int _blockCount;

    /// <param name="slots">The array with the one struct tg_slots.</param>
    /// <param name="blocks">The array of blocks.</param>
    /// <param name="blockCount">How many it has.</param>
    /// <exception cref="BpfException">The kernel refused to map them, or they have another size.</exception>
    internal SlotTable(BpfMap slots, BpfMap blocks, int blockCount)
    {
        if (slots.ValueSize != Length || blocks.ValueSize != SlotLimits.BlockLength)
        {
            throw new BpfException(
                $"the object has {slots.ValueSize} bytes of slots and blocks of {blocks.ValueSize}, not {Length} and {SlotLimits.BlockLength}");
        }

        _blockCount = blockCount;
        _slots = new MapMemory(slots, Length);
        try
        {
            _blocks = new MapMemory(blocks, (long)blockCount * SlotLimits.BlockLength);
        }
        catch
        {
            _slots.Dispose();
            throw;
        }
    }

    /// <param name="slot">1 to 16383.</param>
    public ref readonly ClientSlot Client(uint slot) =>
        ref Unsafe.AsRef<ClientSlot>(_slots.Start + ClientsOffset + Within(slot, SlotLimits.Clients) * sizeof(ClientSlot));

    /// <param name="slot">1 to 4095.</param>
    public ref readonly ServerSlot Server(uint slot) => ref Writable(slot);

    /// <param name="pool">1 to 255.</param>
    public ref PoolSlot Pool(uint pool) =>
        ref Unsafe.AsRef<PoolSlot>(_slots.Start + PoolsOffset + Within(pool, SlotLimits.Pools) * sizeof(PoolSlot));

    /// <summary>Where the programs count the sends to a client that they took away, see <see cref="Net.LoopSocket.WatchRefusals"/>.</summary>
    internal uint* ClientRefusals(uint slot) => ClientSlot.Refusals(_slots.Start + ClientsOffset + Within(slot, SlotLimits.Clients) * sizeof(ClientSlot));

    /// <summary>The same for a server.</summary>
    internal uint* ServerRefusals(uint slot) => ServerSlot.Refusals(_slots.Start + ServersOffset + Within(slot, SlotLimits.Servers) * sizeof(ServerSlot));

    /// <summary>What the programs know of a server's prepared statements.</summary>
    /// <param name="slot">1 to 4095.</param>
    public StatementMarks Marks(uint slot) => ServerSlot.Marks(_slots.Start + ServersOffset + Within(slot, SlotLimits.Servers) * sizeof(ServerSlot));

    /// <summary>What is in a block: the kernel's memory, valid until that client is armed or unclaimed.</summary>
    /// <param name="block">As in <see cref="ClientSlot.Block"/>, by number + 1.</param>
    /// <param name="length">Bytes, as in <see cref="ClientSlot.RequestLength"/>.</param>
    public ReadOnlySpan<byte> Block(uint block, uint length)
    {
        ArgumentOutOfRangeException.ThrowIfZero(block);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(block, (uint)_blockCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, (uint)SlotLimits.BlockLength);
        return new ReadOnlySpan<byte>(_blocks.Start + (block - 1) * SlotLimits.BlockLength, (int)length);
    }

    public void Dispose()
    {
        _slots.Dispose();
        _blocks.Dispose();
    }

    /// <summary>Gives a free slot to a server of C#'s: no program looks at it before its socket is expected.</summary>
    internal ServerKey Begin(uint slot, uint pool)
    {
        ref ServerSlot server = ref Writable(slot);
        // 0 is what a slot has that was never used.
        uint generation = Math.Max(1, unchecked(server.Generation + 1));
        server = new ServerSlot(generation, pool);
        return new ServerKey(slot, generation);
    }

    private ref ServerSlot Writable(uint slot) =>
        ref Unsafe.AsRef<ServerSlot>(_slots.Start + ServersOffset + Within(slot, SlotLimits.Servers) * sizeof(ServerSlot));

    /// <summary>Slot numbers come from the kernel and from callers; beyond the mapping is somebody else's memory.</summary>
    private static long Within(uint number, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, (uint)count);
        return number;
    }
}
