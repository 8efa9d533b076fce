namespace Tigger.Kernel.Slots;

/// <summary>
/// What the programs know of one server's prepared statements, in the slot that both sides see. Valid as long as the
/// <see cref="SlotTable"/>.
/// </summary>
public readonly unsafe struct StatementMarks
{
    private readonly StatementBits* _known;
    private readonly StatementBits* _used;

    internal StatementMarks(StatementBits* known, StatementBits* used)
    {
        _known = known;
        _used = used;
    }

    /// <summary>Whether the programs go by this.</summary>
    public bool Are(in StatementBits known) => ((ReadOnlySpan<ulong>)known).SequenceEqual(*_known);

    /// <summary>What the server has; while C# has the server.</summary>
    public void Publish(in StatementBits known) => *_known = known;

    /// <summary>The server's statement of this number is not to be used any more; at any time.</summary>
    public void Withdraw(int number) => Interlocked.And(ref Word(_known, number), ~StatementBits.Bit(number));

    /// <summary>Whether a program has used it since this was last asked.</summary>
    public bool TakeUsed(int number) => (Interlocked.And(ref Word(_used, number), ~StatementBits.Bit(number)) & StatementBits.Bit(number)) != 0;

    private static ref ulong Word(StatementBits* bits, int number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)number, (uint)SlotLimits.Statements);
        return ref ((ulong*)bits)[number / StatementBits.BitsOfWord];
    }
}
