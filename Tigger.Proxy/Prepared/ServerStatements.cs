using Tigger.Kernel.Slots;

namespace Tigger.Prepared;

/// <summary>
/// The prepared statements of one server, in the order of their last use. What is sent is noted at once; whoever sent it tells
/// later what became of it, because after an error PostgreSQL skips what follows up to the next Sync. A statement that may or may
/// not be there is closed before it is prepared again, which is no error. Guarded by the server's owner.
/// </summary>
public sealed class ServerStatements(StatementTable table)
{
    private readonly Dictionary<PreparedStatement, ServerStatement> _all = [];
    private readonly LinkedList<ServerStatement> _byUse = [];

    /// <summary>What there is may have changed since <see cref="Numbers"/>.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Statements that are there, not counting those about to be closed.</summary>
    public int Count => _byUse.Count;

    /// <summary>Notes a use. True: the server has the statement, or will have it if it comes to the message that is sent now.</summary>
    /// <param name="batch">Number of Syncs sent before that message on the link; an error skips to the next.</param>
    public bool Use(PreparedStatement statement, int batch)
    {
        if (!_all.TryGetValue(statement, out ServerStatement? known) || !known.IsListed || known.Edition != statement.Edition)
        {
            return false;
        }

        if (known.Pending > 0 ? known.Batch != batch : !known.IsPrepared)
        {
            return false;
        }

        if (_byUse.Last != known.Place)
        {
            _byUse.Remove(known.Place);
            _byUse.AddLast(known.Place);
        }

        return true;
    }

    /// <summary>Notes that a Parse is sent.</summary>
    /// <param name="closeFirst">The statement may be there in another form: a Close has to be sent before.</param>
    public ServerStatement Prepare(PreparedStatement statement, int batch, out bool closeFirst)
    {
        closeFirst = _all.TryGetValue(statement, out ServerStatement? known);
        if (known is null)
        {
            known = new ServerStatement(statement);
            _all.Add(statement, known);
            table.Add(statement);
        }
        else
        {
            Unlist(known);
        }

        _byUse.AddLast(known.Place);
        IsChanged = true;
        known.IsListed = true;
        known.IsPrepared = false;
        known.Edition = statement.Edition;
        known.Batch = batch;
        known.Pending++;
        return known;
    }

    /// <summary>The statement to close so that no more than <paramref name="most"/> remain; null: there is room.</summary>
    /// <param name="marks">Uses that were not noted here: such a statement counts as used just now.</param>
    public ServerStatement? Evict(int most, IUseMarks? marks = null)
    {
        if (Count <= most || _byUse.First is null)
        {
            return null;
        }

        ServerStatement oldest = Oldest(marks);
        Unlist(oldest);
        oldest.Closing++;
        IsChanged = true;
        return oldest;
    }

    /// <summary>The numbers of those that a client can use with nothing sent before, between two transactions.</summary>
    public StatementBits Numbers()
    {
        IsChanged = false;
        StatementBits numbers = default;
        foreach (ServerStatement known in _byUse)
        {
            PreparedStatement statement = known.Statement;
            if (statement.Number != PreparedStatement.NoNumber && known is { Pending: 0, IsPrepared: true } && known.Edition == statement.Edition)
            {
                numbers.Set(statement.Number);
            }
        }

        return numbers;
    }

    /// <summary>A Parse failed, or was skipped.</summary>
    public void NotPrepared(ServerStatement known)
    {
        known.Pending--;
        known.IsPrepared = false;
        DropIfGone(known);
    }

    /// <summary>The Close of <see cref="Evict"/> was answered.</summary>
    public void Closed(ServerStatement known)
    {
        known.Closing--;
        known.MayExist = false;
        if (!known.IsListed)
        {
            DropIfGone(known);
        }
    }

    /// <summary>The Close of <see cref="Evict"/> was skipped.</summary>
    public void NotClosed(ServerStatement known)
    {
        known.Closing--;
        if (known is { IsListed: false, Closing: 0, MayExist: true })
        {
            _byUse.AddFirst(known.Place);
            IsChanged = true;
            known.IsListed = true;
        }

        DropIfGone(known);
    }

    /// <summary>The server said that all statements are gone (DEALLOCATE ALL, DISCARD ALL). What was sent after that will be there.</summary>
    public void Clear()
    {
        IsChanged = true;
        foreach (ServerStatement known in _all.Values)
        {
            known.MayExist = false;
            DropIfGone(known);
        }
    }

    /// <summary>The connection is closed.</summary>
    public void Release()
    {
        foreach (PreparedStatement statement in _all.Keys)
        {
            table.Release(statement);
        }

        _all.Clear();
        _byUse.Clear();
    }

    /// <summary>Never the last one, if there is another: that is what room is made for.</summary>
    private ServerStatement Oldest(IUseMarks? marks)
    {
        for (int left = Count - 1; left > 0 && marks is not null; left--)
        {
            LinkedListNode<ServerStatement> first = _byUse.First!;
            int number = first.Value.Statement.Number;
            if (number == PreparedStatement.NoNumber || !marks.TakeUsed(number))
            {
                break;
            }

            _byUse.Remove(first);
            _byUse.AddBefore(_byUse.Last!, first);
        }

        return _byUse.First!.Value;
    }

    private void Unlist(ServerStatement known)
    {
        if (known.IsListed)
        {
            _byUse.Remove(known.Place);
            known.IsListed = false;
        }
    }

    private void DropIfGone(ServerStatement known)
    {
        if (known is { MayExist: false, Pending: 0, Closing: 0 })
        {
            Unlist(known);
            if (_all.Remove(known.Statement))
            {
                table.Release(known.Statement);
            }
        }
    }
}
