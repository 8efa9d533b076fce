namespace Tigger.Prepared;

/// <summary>The statements that clients and servers of one pool know. Thread-safe; a statement leaves with its last reference.</summary>
public sealed class StatementTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], PreparedStatement> _byText = new(ByteString.Comparer);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byText.Count;
            }
        }
    }

    /// <summary>The statement of this text, with one more reference.</summary>
    /// <param name="text">As of <see cref="PreparedStatement.Text"/>.</param>
    public PreparedStatement Take(ReadOnlySpan<byte> text)
    {
        lock (_lock)
        {
            var lookup = _byText.GetAlternateLookup<ReadOnlySpan<byte>>();
            if (!lookup.TryGetValue(text, out PreparedStatement? statement))
            {
                statement = new PreparedStatement(text.ToArray());
                _byText.Add(statement.Text, statement);
            }

            statement.References++;
            return statement;
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
                _byText.Remove(statement.Text);
            }
        }
    }
}
