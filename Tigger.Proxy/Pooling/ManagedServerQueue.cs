using Tigger.Config;
using Tigger.Sessions;

namespace Tigger.Pooling;

/// <summary>Idle servers and waiting clients as two lists in this process, under a lock below all others.</summary>
internal sealed class ManagedServerQueue(ServerPool pool) : IServerQueue
{
    private const int IdleLookedAt = 8;

    private readonly Lock _lock = new();

    // Most recently used first: warm backends answer faster.
    private readonly LinkedList<ServerConnection> _idle = new();
    private readonly LinkedList<ClientSession> _waiting = new();
    private volatile bool _isPaused;

    public int WaitingCount
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    public long LongestWaitingSince
    {
        get
        {
            lock (_lock)
            {
                return _waiting.First?.Value.WaitingSince ?? 0;
            }
        }
    }

    public IReadOnlyList<ServerConnection> IdleServers
    {
        get
        {
            lock (_lock)
            {
                return [.. _idle];
            }
        }
    }

    public bool IsPaused
    {
        get => _isPaused;
        set
        {
            lock (_lock)
            {
                _isPaused = value;
            }
        }
    }

    private bool RoundRobin => pool.Settings.Global.ServerRoundRobin;

    public ServerConnection? TakeOrWait(ClientSession client)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 && !_isPaused && ChooseIdle(client) is { } place)
            {
                _idle.Remove(place);
                place.Value.State = ServerState.Active;
                return place.Value;
            }

            _waiting.AddLast(client.WaitPlace);
            return null;
        }
    }

    public void WaitFirst(ClientSession client)
    {
        lock (_lock)
        {
            _waiting.AddFirst(client.WaitPlace);
        }
    }

    public bool StopWaiting(ClientSession client)
    {
        lock (_lock)
        {
            if (client.WaitPlace.List is null)
            {
                return false;
            }

            _waiting.Remove(client.WaitPlace);
            return true;
        }
    }

    public LendResult HandOn(ServerConnection server)
    {
        lock (_lock)
        {
            if (!_isPaused && _waiting.First is { } first)
            {
                _waiting.Remove(first);
                server.State = ServerState.Active;
                return LendResult.Lent(first.Value);
            }

            server.State = ServerState.Idle;
            AddIdle(server);
            return LendResult.Idle;
        }
    }

    public bool TakeIdle(ServerConnection server)
    {
        lock (_lock)
        {
            if (server.IdlePlace.List is null)
            {
                return false;
            }

            _idle.Remove(server.IdlePlace);
            server.State = ServerState.InTransit;
            return true;
        }
    }

    public void Remove(ServerConnection server)
    {
        lock (_lock)
        {
            if (server.IdlePlace.List is not null)
            {
                _idle.Remove(server.IdlePlace);
            }
        }
    }

    /// <summary>
    /// Among the servers used last, one of the client's own loop: then one thread does all the work of the transaction, and
    /// no other waits for the session's lock. None there: the one used last. With session pooling one that was opened with the
    /// client's startup parameters comes first, as others have to be replaced.
    /// </summary>
    private LinkedListNode<ServerConnection>? ChooseIdle(ClientSession client)
    {
        bool mustSuit = pool.Mode == PoolMode.Session;
        LinkedListNode<ServerConnection>? place = _idle.First;
        LinkedListNode<ServerConnection>? chosen = null;
        for (int looked = 0; place is not null && looked < IdleLookedAt && !RoundRobin; looked++)
        {
            if (!mustSuit || place.Value.Suits(client.Login))
            {
                chosen ??= place;
                if (place.Value.Socket.Loop == client.Socket.Loop)
                {
                    return place;
                }
            }

            place = place.Next;
        }

        // The one used last is more likely to be wanted again as it is.
        return chosen ?? (mustSuit && !RoundRobin ? _idle.Last : _idle.First);
    }

    private void AddIdle(ServerConnection server)
    {
        if (RoundRobin)
        {
            _idle.AddLast(server.IdlePlace);
        }
        else
        {
            _idle.AddFirst(server.IdlePlace);
        }
    }
}
