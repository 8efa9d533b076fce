namespace Tigger.Prepared;

/// <summary>
/// The names one client has given to prepared statements, and what it is still to be told about them. Names are changed when a
/// message is sent; if the server then skips that message after an error the change is taken back. Guarded by the session's lock.
/// </summary>
public sealed class ClientStatements(StatementTable table)
{
    /// <summary>Most bytes of statements one client may have prepared; without an end to it one client could take all memory.</summary>
    public const int MaximumBytes = 64 * 1024 * 1024;

    /// <summary>What a name costs besides its bytes and those of the statement.</summary>
    private const int EntryBytes = 128;

    /// <summary>Most names of one client that are told, so that one client does not take all the room.</summary>
    private const int MaximumTold = 512;

    private readonly Dictionary<byte[], PreparedStatement> _byName = new(ByteString.Comparer);
    private readonly Queue<StatementChange> _changes = [];
    private readonly Dictionary<byte[], PreparedStatement> _told = new(ByteString.Comparer);
    private long _bytes;
    private bool _isChanged;

    // The names at the servers of the process before, which somebody may have put in there, and the client's. Null: there was none.
    private Dictionary<byte[], byte[]>? _putIn;

    // It has given a statement such a name as statements have at the servers, so nobody else may put those in.
    private bool _usesReserved;

    public int Count => _byName.Count;

    /// <summary>Everything the client has prepared, by name.</summary>
    internal IEnumerable<KeyValuePair<byte[], PreparedStatement>> All => _byName;

    /// <summary>What may have been put in for the client's names: that, and the name.</summary>
    internal IEnumerable<KeyValuePair<byte[], byte[]>> PutIn => _usesReserved ? [] : _putIn ?? _byName.Where(one => one.Value.Number != PreparedStatement.NoNumber).Select(one => KeyValuePair.Create(one.Value.ServerName, one.Key));

    /// <summary>
    /// The client comes from another process with its statements, and nobody puts names in here: those that are there are of
    /// that process, where they may mean something else than here.
    /// </summary>
    internal void ComesWith(IEnumerable<KeyValuePair<byte[], byte[]>> putIn)
    {
        _putIn = new(ByteString.Comparer);
        foreach ((byte[] there, byte[] name) in putIn)
        {
            _putIn.TryAdd(there, name);
        }
    }

    /// <summary>Something about statements has been sent and not been answered.</summary>
    public bool HasOutstanding => _changes.Count > 0;

    /// <summary>Whether another name and text, together of this length, are within the limit.</summary>
    public bool HasRoomFor(int length) => _bytes + EntryBytes + length <= MaximumBytes;

    public bool Contains(ReadOnlySpan<byte> name) => _byName.GetAlternateLookup<ReadOnlySpan<byte>>().ContainsKey(name);

    /// <param name="name">The client's; or that at the servers, if somebody was told and has put it in already.</param>
    public PreparedStatement? Find(ReadOnlySpan<byte> name)
    {
        if (_byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out PreparedStatement? statement))
        {
            return statement;
        }

        return _usesReserved ? null
            : _putIn is { } before
                ? before.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out byte[]? own) ? _byName.GetValueOrDefault(own) : null
            : StatementName.Find(_byName.Values, name);
    }

    /// <summary>Tells who replaces names of the changes since the last time. Nothing is outstanding.</summary>
    public void Tell(INameSink sink)
    {
        if (!_isChanged)
        {
            return;
        }

        _isChanged = false;
        foreach ((byte[] name, PreparedStatement statement) in _told)
        {
            if (_usesReserved || !_byName.TryGetValue(name, out PreparedStatement? named) || named != statement)
            {
                _told.Remove(name);
                sink.Remove(name);
            }
        }

        foreach ((byte[] name, PreparedStatement statement) in _byName)
        {
            if (!_usesReserved && statement.Number != PreparedStatement.NoNumber && !_told.ContainsKey(name)
                && _told.Count < MaximumTold && sink.TryAdd(name, statement))
            {
                _told.Add(name, statement);
            }
        }
    }

    /// <summary>The client is gone, and its names with it.</summary>
    public void Untell(INameSink sink)
    {
        foreach (byte[] name in _told.Keys)
        {
            sink.Remove(name);
        }

        _told.Clear();
    }

    /// <summary>
    /// A Parse of the client's. Returns the statement; <see cref="Parsed"/> is to be called with what came of it.
    /// </summary>
    public PreparedStatement Name(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, out byte[] kept)
    {
        PreparedStatement statement = table.Take(text, name.Length);
        kept = name.ToArray();
        Keep(kept, statement);
        return statement;
    }

    /// <summary>The Parse of a new name goes to the server, or null: the server has the statement.</summary>
    public void Parsed(PreparedStatement statement, byte[] name, ServerStatement? server) =>
        _changes.Enqueue(new StatementChange(
            server is null ? StatementChangeKind.ParseKnown : StatementChangeKind.Parse, statement, name, server));

    /// <summary>A Parse goes to the server ahead of the client's message.</summary>
    public void ParsedAhead(ServerStatement server) =>
        _changes.Enqueue(new StatementChange(StatementChangeKind.ParseAhead, server.Statement, Server: server));

    /// <summary>A Close goes to the server ahead of a Parse.</summary>
    public void ClosedAhead(PreparedStatement statement) =>
        _changes.Enqueue(new StatementChange(StatementChangeKind.CloseAhead, statement));

    public void Evicted(ServerStatement server) =>
        _changes.Enqueue(new StatementChange(StatementChangeKind.Evict, server.Statement, Server: server));

    /// <summary>A Bind or Describe goes to the server.</summary>
    public void Used(PreparedStatement statement) => _changes.Enqueue(new StatementChange(StatementChangeKind.Use, statement));

    /// <summary>A Close of the client's, which forgets the name; one of an unknown name is no error.</summary>
    public void Closed(ReadOnlySpan<byte> name)
    {
        if (_byName.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name, out byte[]? kept, out PreparedStatement? statement))
        {
            _bytes -= Cost(kept, statement);
            _isChanged = true;
            _changes.Enqueue(new StatementChange(StatementChangeKind.Close, statement, kept));
        }
        else
        {
            _changes.Enqueue(new StatementChange(StatementChangeKind.Close, null));
        }
    }

    /// <summary>The oldest outstanding message was answered as it should be.</summary>
    /// <returns>What the client gets of the answer.</returns>
    public ReplyAction Answered(ServerStatements server)
    {
        StatementChange change = _changes.Dequeue();
        switch (change.Kind)
        {
            case StatementChangeKind.Parse:
                change.Server!.Prepared();
                return ReplyAction.Forward;
            case StatementChangeKind.ParseKnown:
                return ReplyAction.TurnIntoParseComplete;
            case StatementChangeKind.ParseAhead:
                change.Server!.Prepared();
                return ReplyAction.Swallow;
            case StatementChangeKind.CloseAhead:
                return ReplyAction.Swallow;
            case StatementChangeKind.Evict:
                server.Closed(change.Server!);
                return ReplyAction.Swallow;
            case StatementChangeKind.Close:
                Release(change.Statement);
                return ReplyAction.Forward;
            default:
                return ReplyAction.Forward;
        }
    }

    /// <summary>
    /// The oldest outstanding messages have failed or were skipped: what they were to change is as it was. The last of them is
    /// taken back first.
    /// </summary>
    /// <returns>The statement of the oldest of them; null if it is one nobody knows.</returns>
    public PreparedStatement? Skipped(int count, ServerStatements server)
    {
        Stack<StatementChange> skipped = new(count);
        PreparedStatement? first = _changes.Peek().Statement;
        for (; count > 0; count--)
        {
            skipped.Push(_changes.Dequeue());
        }

        foreach (StatementChange change in skipped)
        {
            TakeBack(change, server);
        }

        return first;
    }

    /// <summary>The server said that all statements are gone. The client's names are gone with them, but for what it sent since.</summary>
    public void Clear()
    {
        HashSet<byte[]> since = [.. _changes.Select(change => change.Name).OfType<byte[]>()];
        foreach ((byte[] name, PreparedStatement statement) in _byName)
        {
            if (!since.Contains(name))
            {
                Forget(name, statement);
            }
        }
    }

    /// <summary>The link is over, with nothing outstanding or with its server closed.</summary>
    public void Unlinked()
    {
        foreach (StatementChange change in _changes)
        {
            if (change.Kind == StatementChangeKind.Close)
            {
                Release(change.Statement);
            }
        }

        _changes.Clear();
    }

    /// <summary>The client is gone.</summary>
    public void Release()
    {
        Unlinked();
        foreach (PreparedStatement statement in _byName.Values)
        {
            table.Release(statement);
        }

        _byName.Clear();
        _bytes = 0;
    }

    private void TakeBack(in StatementChange change, ServerStatements server)
    {
        switch (change.Kind)
        {
            case StatementChangeKind.Parse:
                server.NotPrepared(change.Server!);
                ForgetParsed(change);
                break;
            case StatementChangeKind.ParseKnown:
                ForgetParsed(change);
                break;
            case StatementChangeKind.ParseAhead:
                server.NotPrepared(change.Server!);
                break;
            case StatementChangeKind.Evict:
                server.NotClosed(change.Server!);
                break;
            case StatementChangeKind.Close when change.Name is { } name && !_byName.ContainsKey(name):
                Keep(name, change.Statement!);
                break;
            case StatementChangeKind.Close:
                Release(change.Statement);
                break;
        }
    }

    /// <summary>The name may have become another statement's since.</summary>
    private void ForgetParsed(in StatementChange change)
    {
        if (_byName.TryGetValue(change.Name!, out PreparedStatement? named) && named == change.Statement)
        {
            Forget(change.Name!, named);
        }
    }

    private static int Cost(byte[] name, PreparedStatement statement) => EntryBytes + name.Length + statement.Text.Length;

    private void Keep(byte[] name, PreparedStatement statement)
    {
        _byName.Add(name, statement);
        _bytes += Cost(name, statement);
        _isChanged = true;
        _usesReserved |= StatementName.IsReserved(name);
    }

    private void Forget(byte[] name, PreparedStatement statement)
    {
        _byName.Remove(name);
        _bytes -= Cost(name, statement);
        _isChanged = true;
        table.Release(statement);
    }

    private void Release(PreparedStatement? statement)
    {
        if (statement is not null)
        {
            table.Release(statement);
        }
    }
}
