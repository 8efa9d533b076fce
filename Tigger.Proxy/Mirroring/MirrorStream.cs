using Tigger.Net;

namespace Tigger.Mirroring;

/// <summary>The transactions of one client on their way to one mirror: one at a time, in order. Thread-safe.</summary>
internal sealed class MirrorStream
{
    private readonly Lock _lock = new();
    private readonly Queue<MirrorTransaction> _waiting = [];
    private readonly AsyncSignal _more = new();
    private bool _isServed;
    private volatile bool _hasLeft;

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
            return _waiting.TryDequeue(out MirrorTransaction? next) ? next : null;
        }
    }

    /// <summary>Whether there is more to serve. False: nobody serves the stream any more.</summary>
    public bool GoOn()
    {
        lock (_lock)
        {
            return _isServed = _waiting.Count > 0;
        }
    }

    /// <summary>Returns when there may be more, or the client has gone.</summary>
    public ValueTask MoreAsync(CancellationToken cancellation) => _more.WaitAsync(cancellation);

    public void Leave()
    {
        _hasLeft = true;
        _more.Set();
    }
}
