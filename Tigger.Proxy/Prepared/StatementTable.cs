using Tigger.Kernel;
using Tigger.Kernel.Slots;

namespace Tigger.Prepared;

/// <summary>
/// The statements that clients and servers of one pool know. Thread-safe; a statement leaves with its last reference. With
/// numbers, for the kernel, clients share a statement if their names for it have the same length, too.
/// </summary>
public sealed class StatementTable
{
    private readonly Lock _lock = new();

    // By the length of the clients' names; 0: of any length.
    private readonly Dictionary<byte[], PreparedStatement>?[] _byText =
        new Dictionary<byte[], PreparedStatement>?[StatementName.MaximumLength + 1];

    private PreparedStatement?[] _numbered = [];
    private FreeNumbers? _numbers;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byText.Sum(texts => texts?.Count ?? 0);
            }
        }
    }

    /// <summary>From now on new statements get numbers, as long as there are any.</summary>
    public void UseNumbers()
    {
        lock (_lock)
        {
            _numbers ??= new FreeNumbers(0, SlotLimits.Statements);
            _numbered = new PreparedStatement?[SlotLimits.Statements];
        }
    }

    /// <summary>The statement of this text, with one more reference.</summary>
    /// <param name="text">As of <see cref="PreparedStatement.Text"/>.</param>
    /// <param name="nameLength">Bytes of the client's name for it.</param>
    public PreparedStatement Take(ReadOnlySpan<byte> text, int nameLength)
    {
        lock (_lock)
        {
            int length = _numbers is null || nameLength > StatementName.MaximumLength ? 0 : nameLength;
            var texts = _byText[length] ??= new Dictionary<byte[], PreparedStatement>(ByteString.Comparer);
            if (!texts.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(text, out PreparedStatement? statement))
            {
                statement = Create(text.ToArray(), length);
                texts.Add(statement.Text, statement);
            }

            statement.References++;
            return statement;
        }
    }

    /// <summary>The statement that has this number now.</summary>
    public PreparedStatement? Find(int number)
    {
        lock (_lock)
        {
            return number < _numbered.Length ? _numbered[number] : null;
        }
    }

    /// <summary>One more reference to a statement that somebody has.</summary>
    public void Add(PreparedStatement statement)
    {
        lock (_lock)
        {
            statement.References++;
        }
    }

    /// <summary>Gives a reference back.</summary>
    public void Release(PreparedStatement statement)
    {
        lock (_lock)
        {
            if (--statement.References == 0)
            {
                Remove(statement);
            }
        }
    }

    private PreparedStatement Create(byte[] text, int nameLength)
    {
        int number = nameLength == 0 ? PreparedStatement.NoNumber : _numbers!.Take();
        if (number != PreparedStatement.NoNumber)
        {
            if (StatementName.TryMake(number, nameLength) is { } name)
            {
                return _numbered[number] = new PreparedStatement(text, number, name) { NameLength = nameLength };
            }

            _numbers!.Return(number);
        }

        return new PreparedStatement(text) { NameLength = nameLength };
    }

    private void Remove(PreparedStatement statement)
    {
        _byText[statement.NameLength]!.Remove(statement.Text);
        if (statement.Number != PreparedStatement.NoNumber)
        {
            _numbered[statement.Number] = null;
            _numbers!.Return(statement.Number);
        }
    }
}
