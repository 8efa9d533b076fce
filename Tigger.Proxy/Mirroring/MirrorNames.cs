using Tigger.Prepared;
using Tigger.Protocol;

namespace Tigger.Mirroring;

/// <summary>
/// Which statement a client means by a name. Kept from the client's own messages as they pass, and taken from the pooler's
/// knowledge of the client after some have not been seen. Guarded by the session's lock.
/// </summary>
internal sealed class MirrorNames(MirrorSource source)
{
    private readonly Dictionary<byte[], PreparedStatement> _byName = new(ByteString.Comparer);
    private long _bytes;
    private bool _missedSome = true;

    /// <summary>There is something to make good.</summary>
    public bool IsBehind => _missedSome;

    /// <summary>Some messages of the client were not seen: others may be known by the names now.</summary>
    public void MissedSome() => _missedSome = true;

    /// <summary>
    /// Between two transactions, with nothing of the next one looked at: makes good what was missed. Where the pooler does not
    /// know the client's names they are forgotten.
    /// </summary>
    public void CatchUp()
    {
        if (!_missedSome)
        {
            return;
        }

        _missedSome = false;
        Release();
        foreach ((byte[] name, PreparedStatement statement) in source.Statements())
        {
            source.Table.Add(statement);
            Set(name, statement);
        }
    }

    /// <summary>
    /// Goes through a whole transaction, and adds to it the statements it names. False: one of them is not known, or it is not a
    /// sequence of messages.
    /// </summary>
    public bool Resolve(MirrorTransaction transaction)
    {
        ReadOnlySpan<byte> bytes = transaction.Bytes;
        MessageFramer framer = default;
        int offset = 0;
        bool areKnown = true;
        while (framer.Next(bytes, ref offset) == FrameEvent.Message)
        {
            ReadOnlySpan<byte> body = bytes[offset..Math.Min(bytes.Length, offset + framer.BodyLength)];
            if (StatementMessage.Find(framer.Type, body, framer.BodyLength, out Range name) == NameSearch.Found)
            {
                areKnown &= Resolve(transaction, framer.Type, body[name], body[(name.End.Value + 1)..]);
            }

            if (framer.Next(bytes, ref offset) != FrameEvent.End)
            {
                return false;
            }
        }

        return areKnown && framer.AtBoundary;
    }

    public void Release()
    {
        foreach (PreparedStatement statement in _byName.Values)
        {
            source.Table.Release(statement);
        }

        _byName.Clear();
        _bytes = 0;
    }

    private bool Resolve(MirrorTransaction transaction, byte type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> rest)
    {
        if (type is not (FrontendCode.Parse or FrontendCode.Close))
        {
            PreparedStatement? used = Find(name);
            transaction.AddNamed(used);
            return used is not null;
        }

        Forget(name);
        PreparedStatement? parsed = type == FrontendCode.Parse ? source.Table.Take(rest, name.Length) : null;
        transaction.AddNamed(parsed);
        if (parsed is null)
        {
            return true;
        }

        if (_bytes + name.Length + parsed.Text.Length > ClientStatements.MaximumBytes)
        {
            source.Table.Release(parsed);
        }
        else
        {
            Set(name.ToArray(), parsed);
        }

        return true;
    }

    private PreparedStatement? Find(ReadOnlySpan<byte> name)
    {
        if (_byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out PreparedStatement? statement))
        {
            return statement;
        }

        // What the kernel copied may have the servers' names in it already.
        return StatementName.Find(_byName.Values, name);
    }

    private void Set(byte[] name, PreparedStatement statement)
    {
        _byName[name] = statement;
        _bytes += name.Length + statement.Text.Length;
    }

    private void Forget(ReadOnlySpan<byte> name)
    {
        if (_byName.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name, out byte[]? kept, out PreparedStatement? before))
        {
            _bytes -= kept.Length + before.Text.Length;
            source.Table.Release(before);
        }
    }
}
