using Tigger.Pooling;

namespace Tigger.Mirroring;

/// <summary>
/// What one client session tells of its traffic. It collects a transaction until its end is known, and only then queues it: a
/// mirror never sees a part of one. One per session of a database that is, or was, mirrored; guarded by the session's lock.
/// </summary>
internal sealed partial class MirrorTap(MirrorGroup group, MirrorSource source)
{
    private readonly MirrorNames _names = new(source);
    private readonly List<TransactionSink> _sinks = [];
    private TransactionSink[] _chosenFrom = [];
    private TransactionSink[] _chosen = [];
    private MirrorTransaction? _transaction;
    private long _sequence;
    private bool _isInside;

    /// <summary>A transaction has begun that has not ended.</summary>
    public bool IsInside => _isInside;

    /// <summary>
    /// Before the pooler looks at what has come from the client: what it knows of the client is still as of the last
    /// transaction. While nobody has room for another one it is not asked, which takes a while for a client with many statements.
    /// </summary>
    public void Arrives()
    {
        if (!_isInside && ChooseSinks() && Array.Exists(_chosen, static sink => sink.HasRoom))
        {
            _names.CatchUp();
        }
    }

    /// <summary>
    /// Bytes that the primary gets, in the client's own words, cut anywhere; never those of the login, of a Terminate, or of
    /// what the pooler asks on its own.
    /// </summary>
    /// <param name="bytes">They are copied.</param>
    /// <param name="parameters">The client's tracked parameters; those of a transaction's first bytes count.</param>
    /// <param name="timestamp">Now.</param>
    public void Request(ReadOnlySpan<byte> bytes, ParameterProfile parameters, long timestamp)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        if (!_isInside)
        {
            Begin(parameters, timestamp, MirrorDropReason.QueueFull);
        }

        if (_transaction is { } transaction && MakeRoom(transaction, bytes.Length))
        {
            transaction.Append(bytes);
        }
    }

    /// <summary>The transaction has ended: everything was answered, with status <c>I</c>, between two messages.</summary>
    public void Ended(in TransactionOutcome outcome)
    {
        if (_transaction is { } transaction)
        {
            if (_names.Resolve(transaction))
            {
                Queue(transaction, outcome);
            }
            else
            {
                Forget(MirrorDropReason.Unsupported);
            }
        }
        else if (_isInside)
        {
            _names.MissedSome();
        }

        _isInside = false;
    }

    /// <summary>The rest of the transaction is not coming, or some of it is missing: it is dropped whole. Bytes up to its end are ignored.</summary>
    public void Lost(MirrorDropReason reason)
    {
        if (_transaction is not null)
        {
            Forget(reason);
            _names.MissedSome();
        }
    }

    /// <summary>The transaction is over, and how is not known: it is dropped.</summary>
    public void Abandoned(MirrorDropReason reason)
    {
        if (_isInside)
        {
            Lost(reason);
            _names.MissedSome();
            _isInside = false;
        }
    }

    /// <summary>The session is over; a transaction it is in is dropped.</summary>
    public void Closed()
    {
        Abandoned(MirrorDropReason.ClientGone);
        _names.Release();
        foreach (TransactionSink sink in _chosen)
        {
            sink.Left(source);
        }

        _chosen = _chosenFrom = [];
    }

    /// <param name="parameters">Of the client.</param>
    /// <param name="timestamp">Now.</param>
    /// <param name="ifBehind">Why it is dropped if the client's names are not known because nobody had room when it came.</param>
    private void Begin(ParameterProfile parameters, long timestamp, MirrorDropReason ifBehind)
    {
        _isInside = true;
        _sequence++;
        if (!ChooseSinks())
        {
            return;
        }

        if (_names.IsBehind)
        {
            foreach (TransactionSink sink in _chosen)
            {
                sink.Drop(source, ifBehind);
            }

            return;
        }

        _sinks.Clear();
        _sinks.AddRange(_chosen);
        _transaction = new MirrorTransaction(source, _sequence, parameters, timestamp);
        Charge(_transaction, 0, _transaction.Capacity);
    }

    /// <summary>Looks who wants this client's transactions. False: nobody.</summary>
    private bool ChooseSinks()
    {
        TransactionSink[] all = group.Sinks;
        if (all != _chosenFrom)
        {
            TransactionSink[] before = _chosen;
            _chosenFrom = all;
            _chosen = [.. all.Where(sink => sink.Wants(source))];
            foreach (TransactionSink sink in before.Except(_chosen))
            {
                sink.Left(source);
            }
        }

        return _chosen.Length > 0;
    }

    private void Queue(MirrorTransaction transaction, in TransactionOutcome outcome)
    {
        transaction.Outcome = outcome;
        foreach (TransactionSink sink in _sinks)
        {
            transaction.Hold();
            sink.Accept(transaction);
        }

        _transaction = null;
        transaction.Release();
    }

    private bool MakeRoom(MirrorTransaction transaction, int count)
    {
        long capacity = transaction.CapacityWith(count);
        if (capacity > transaction.Capacity)
        {
            Charge(transaction, transaction.Capacity, capacity);
        }

        return _transaction is not null;
    }

    /// <summary>Whoever has no room for it loses it; with the last of them it is forgotten.</summary>
    private void Charge(MirrorTransaction transaction, long had, long wanted)
    {
        for (int i = _sinks.Count - 1; i >= 0; i--)
        {
            TransactionSink sink = _sinks[i];
            if (wanted <= int.MaxValue && sink.TryCharge(wanted - had))
            {
                continue;
            }

            sink.Uncharge(had);
            sink.Drop(source, wanted > sink.QueueBytes ? MirrorDropReason.TooLong : MirrorDropReason.QueueFull);
            _sinks.RemoveAt(i);
        }

        if (_sinks.Count == 0)
        {
            _transaction = null;
            transaction.Release();
        }
    }

    private void Forget(MirrorDropReason reason)
    {
        MirrorTransaction transaction = _transaction!;
        _transaction = null;
        foreach (TransactionSink sink in _sinks)
        {
            sink.Uncharge(transaction.Capacity);
            sink.Drop(source, reason);
        }

        _sinks.Clear();
        transaction.Release();
    }
}
