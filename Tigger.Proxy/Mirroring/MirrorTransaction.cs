using System.Buffers;
using Tigger.Pooling;
using Tigger.Prepared;

namespace Tigger.Mirroring;

/// <summary>
/// One transaction of one client, in the client's own words: whole messages, from the first request to the last before the
/// release. Shared by all that it was queued to; the buffer goes back with the last of them.
/// </summary>
internal sealed class MirrorTransaction(MirrorSource source, long sequence, ParameterProfile parameters, long startedAt)
{
    /// <summary>The smallest buffer, in bytes.</summary>
    public const int SmallestCapacity = 256;

    private readonly List<PreparedStatement?> _named = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallestCapacity);
    private int _length;
    private int _holders = 1;
    private TaskCompletionSource? _finished;

    public MirrorSource Source { get; } = source;

    /// <summary>Counts the client's transactions from 1, with those that were dropped.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>The client's tracked parameters before it.</summary>
    public ParameterProfile Parameters { get; } = parameters;

    /// <summary>Timestamp of its first request.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>What became of it on the primary; set before it is queued.</summary>
    public TransactionOutcome Outcome { get; set; }

    public ReadOnlySpan<byte> Bytes => Memory.Span;

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    public int Length => _length;

    /// <summary>Bytes of memory it takes: what is charged against <c>queue_bytes</c>.</summary>
    public int Capacity => _buffer.Length;

    /// <summary>Completes when nobody has it any more. Asked for before it is queued.</summary>
    public Task Finished => (_finished ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>
    /// For each message that names a statement, in order, the statement; null for those that need none (Close). Set before it
    /// is queued.
    /// </summary>
    public IReadOnlyList<PreparedStatement?> Named => _named;

    /// <summary>What <see cref="Capacity"/> will be after <paramref name="count"/> more bytes; above <see cref="int.MaxValue"/>: it cannot be.</summary>
    public long CapacityWith(int count)
    {
        long needed = (long)_length + count;
        return needed <= _buffer.Length ? _buffer.Length : (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)needed);
    }

    /// <summary>Only before it is queued.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent((int)CapacityWith(bytes.Length));
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>The next message that names a statement names this one. Only before it is queued.</summary>
    public void AddNamed(PreparedStatement? statement)
    {
        if (statement is not null)
        {
            Source.Table.Add(statement);
        }

        _named.Add(statement);
    }

    /// <summary>One more has it.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>One of those who have it is done with it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) > 0)
        {
            return;
        }

        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        foreach (PreparedStatement statement in _named.OfType<PreparedStatement>())
        {
            Source.Table.Release(statement);
        }

        _named.Clear();
        _finished?.SetResult();
    }
}
