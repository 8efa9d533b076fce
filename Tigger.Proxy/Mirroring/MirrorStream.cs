using Tigger.Net;

namespace Tigger.Mirroring;

/// <summary>The transactions of one client on their way to one mirror: one at a time, in order. Thread-safe.</summary>
/// <param name="client">Id of the client.</param>
internal sealed class MirrorStream(long client)
{
    private readonly Lock _lock = new();
    private readonly Queue<MirrorTransaction> _waiting = [];
    private readonly AsyncSignal _more = new();
    private MirrorTransaction? _running;
    private bool _isServed;
    private volatile bool _hasLeft;

    public long Client { get; } = client;

    /// <summary>The client has gone: nothing comes behind what is waiting.</summary>
    public bool HasLeft => _hasLeft;

    /// <summary>True: nobody serves the stream yet, and the caller must see to it.</summary>
    public bool Add(MirrorTransaction transaction)
    {
        lock (_lock)
        {
            _waiting.Enqueue(transaction);
            if (!_isServed)
            {
                return _isServed = true;
            }
        }

        _more.Set();
        return false;
    }

    /// <summary>The next transaction; null: there is none now.</summary>
    public MirrorTransaction? Next()
    {
        lock (_lock)
        {
            return _running = _waiting.TryDequeue(out MirrorTransaction? next) ? next : null;
        }
    }

    /// <summary>Timestamp at which the first transaction that is not finished ended on the primary; null: all are.</summary>
    public long? OldestEnd()
    {
        lock (_lock)
        {
            MirrorTransaction? oldest = _running ?? (_waiting.TryPeek(out MirrorTransaction? first) ? first : null);
            return oldest?.Outcome.EndedAt;
        }
    }

    /// <summary>Whether there is more to serve. False: nobody serves the stream any more.</summary>
    public bool GoOn()
    {
        lock (_lock)
        {
            _running = null;
            return _isServed = _waiting.Count > 0;
        }
    }

    /// <summary>Returns when there may be more, or the client has gone.</summary>
    public ValueTask MoreAsync(CancellationToken cancellation) => _more.WaitAsync(cancellation);

    /// <summary>The client leaves. False: somebody serves the stream, and sees to its end.</summary>
    public bool Leave()
    {
        lock (_lock)
        {
            _hasLeft = true;
            if (!_isServed)
            {
                return true;
            }
        }

        _more.Set();
        return false;
    }
}
