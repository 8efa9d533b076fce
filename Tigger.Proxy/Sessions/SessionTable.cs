using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Tigger.Sessions;

/// <summary>All clients: logged in by number and cancel key, told goodbye but not yet closed, and how many connections in all.</summary>
public sealed partial class SessionTable(ILogger logger)
{
    private readonly ConcurrentDictionary<long, ClientSession> _sessions = new();
    private readonly ConcurrentDictionary<ulong, ClientSession> _keys = new();
    private readonly ConcurrentDictionary<ClientSession, bool> _closing = new();
    private long _lastId;
    private int _connections;
    private int _logins;
    private volatile bool _isSuspended;
    private volatile bool _isDraining;
    private volatile bool _isMoving;

    /// <summary>Logged-in clients, in no order.</summary>
    public IEnumerable<ClientSession> Sessions => _sessions.Values;

    public int SessionCount => _sessions.Count;

    /// <summary>Open client connections: logging in, logged in and closing.</summary>
    public int ConnectionCount => Volatile.Read(ref _connections);

    /// <summary>Clients between accept and the end of their login.</summary>
    public int LoginCount => Volatile.Read(ref _logins);

    /// <summary>SUSPEND: nothing is read from anyone.</summary>
    public bool IsSuspended
    {
        get => _isSuspended;
        internal set => _isSuspended = value;
    }

    /// <summary>Clients leave after their transaction, and begin none.</summary>
    public bool IsDraining
    {
        get => _isDraining;
        internal set => _isDraining = value;
    }

    /// <summary>Clients go over to another process between two requests, and begin none here.</summary>
    public bool IsMoving
    {
        get => _isMoving;
        internal set => _isMoving = value;
    }

    internal ILogger Logger => logger;

    internal IEnumerable<ClientSession> Closing => _closing.Keys;

    internal long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>The client with that number in SHOW CLIENTS.</summary>
    public ClientSession? Find(long id) => _sessions.GetValueOrDefault(id);

    internal ClientSession? Find(CancelKey key) => _keys.GetValueOrDefault(key.Value);

    internal void ConnectionOpened()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _logins);
    }

    /// <summary>The login task is over: the connection belongs to a session now, or is closed.</summary>
    internal void LoginEnded(bool becameSession)
    {
        Interlocked.Decrement(ref _logins);
        if (!becameSession)
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    internal void Add(ClientSession session)
    {
        _sessions[session.Id] = session;
        _keys[session.Login.CancelKey.Value] = session;
        session.Pool.AddClient();
    }

    /// <summary>The session has ended; its socket may still have bytes to flush.</summary>
    internal void Remove(ClientSession session)
    {
        if (_sessions.TryRemove(session.Id, out _))
        {
            _keys.TryRemove(session.Login.CancelKey.Value, out _);
            _closing[session] = true;
            session.Pool.RemoveClient();
            session.Login.Database.RemoveClient();
            session.Login.User.RemoveClient();
        }
    }

    internal void Closed(ClientSession session)
    {
        _closing.TryRemove(session, out _);
        Interlocked.Decrement(ref _connections);
    }

    internal void LogPoolerError(ClientSession session, string text)
    {
        if (session.Pool.Settings.Global.LogPoolerErrors)
        {
            LogPoolerError(logger, session.Id, session.Login.Description, text);
        }
    }

    /// <summary>Ends the sessions that <paramref name="which"/> names.</summary>
    internal void EndAll(Func<ClientSession, bool> which, SessionEndReason reason)
    {
        foreach (ClientSession session in _sessions.Values.Where(which))
        {
            session.End(reason);
        }
    }

    internal void WakeAll()
    {
        foreach (ClientSession session in _sessions.Values)
        {
            session.Wake();
        }
    }

    [LoggerMessage(2001, LogLevel.Warning, "C-{Client}: {Who} pooler error: {Error}")]
    private static partial void LogPoolerError(ILogger logger, long client, string who, string error);
}
