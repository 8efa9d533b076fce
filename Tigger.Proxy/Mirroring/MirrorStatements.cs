using Tigger.Prepared;

namespace Tigger.Mirroring;

/// <summary>
/// The prepared statements of one connection to a mirror, in the order of use. What became of a Parse is known at the end of its
/// transaction only, and after an error not for certain: such a statement is closed before it is prepared again, which is no
/// error either way.
/// </summary>
/// <param name="most">Statements it may have; the one unused for longest is closed first.</param>
internal sealed class MirrorStatements(int most)
{
    private readonly Dictionary<PreparedStatement, LinkedListNode<MirrorStatement>> _all = [];
    private readonly LinkedList<MirrorStatement> _byUse = [];
    private readonly List<MirrorStatement> _used = [];

    /// <summary>
    /// Notes a use. True: it is there, or will be when the message comes to be carried out. False: a Parse must be sent before,
    /// and before that a Close if <paramref name="closeFirst"/>.
    /// </summary>
    /// <param name="statement">The statement.</param>
    /// <param name="table">That of the statement.</param>
    /// <param name="batch">Syncs of this transaction before the message: after an error PostgreSQL skips to the next.</param>
    /// <param name="closeFirst">It may be there in some form.</param>
    public bool Use(PreparedStatement statement, StatementTable table, int batch, out bool closeFirst)
    {
        closeFirst = false;
        if (_all.TryGetValue(statement, out LinkedListNode<MirrorStatement>? place))
        {
            _byUse.Remove(place);
            _byUse.AddLast(place);
            closeFirst = place.Value.IsInDoubt(batch);
        }
        else
        {
            table.Add(statement);
            place = _byUse.AddLast(new MirrorStatement(statement, table));
            _all.Add(statement, place);
        }

        MirrorStatement known = place.Value;
        if (!known.IsUsed)
        {
            known.IsUsed = true;
            _used.Add(known);
        }

        if (known.IsPrepared && !closeFirst)
        {
            return true;
        }

        known.IsPrepared = true;
        known.PreparedIn = batch;
        return false;
    }

    /// <summary>One to close, so that there are not too many; null: there is room, or those of this transaction take it all.</summary>
    public PreparedStatement? TakeSurplus()
    {
        if (_all.Count <= most || _byUse.First is not { Value: { IsUsed: false } oldest })
        {
            return null;
        }

        Forget(oldest);
        return oldest.Statement;
    }

    /// <summary>The transaction has ended.</summary>
    /// <param name="hasFailed">There was an error in it.</param>
    /// <param name="areAllInDoubt">Statements may be gone that were not in it.</param>
    public void Settle(bool hasFailed, bool areAllInDoubt)
    {
        foreach (MirrorStatement used in _used)
        {
            used.IsUsed = false;
            used.PreparedIn = null;
            used.Doubt |= hasFailed;
        }

        _used.Clear();
        if (areAllInDoubt)
        {
            foreach (MirrorStatement known in _byUse)
            {
                known.Doubt = true;
            }
        }
    }

    /// <summary>The connection is closed.</summary>
    public void Release()
    {
        while (_byUse.First is { Value: var known })
        {
            Forget(known);
        }
    }

    private void Forget(MirrorStatement known)
    {
        _all.Remove(known.Statement, out LinkedListNode<MirrorStatement>? place);
        _byUse.Remove(place!);
        known.Table.Release(known.Statement);
    }
}
