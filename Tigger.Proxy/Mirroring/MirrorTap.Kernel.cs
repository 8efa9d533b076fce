using Tigger.Pooling;

namespace Tigger.Mirroring;

/// <summary>What only the kernel path has to tell.</summary>
internal sealed partial class MirrorTap
{
    /// <summary>Somebody wants this client's transactions, as of <see cref="Arrives"/>.</summary>
    public bool IsWanted => _chosen.Length > 0;

    /// <summary>Mirrors have been added or taken out since then.</summary>
    public bool IsOutdated => _chosenFrom != group.Sinks;

    /// <summary>A request of the transaction, or all of it, could not be copied; if none has begun, one has now. It is dropped whole.</summary>
    public void Missed(MirrorDropReason reason, ParameterProfile parameters, long timestamp)
    {
        if (!_isInside)
        {
            Begin(parameters, timestamp, reason);
        }

        Lost(reason);
    }

    /// <summary>What has been told of the transaction was not sent to a server, and will be told again.</summary>
    public void Withdraw()
    {
        if (!_isInside)
        {
            return;
        }

        _isInside = false;
        _sequence--;
        if (_transaction is { } transaction)
        {
            _transaction = null;
            _sinks.ForEach(sink => sink.Uncharge(transaction.Capacity));
            _sinks.Clear();
            transaction.Release();
        }
    }
}
