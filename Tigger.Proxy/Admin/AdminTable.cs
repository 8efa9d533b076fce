using System.Collections.Concurrent;
using Tigger.Sessions;

namespace Tigger.Admin;

/// <summary>The clients of the console, for SHOW CLIENTS, KILL_CLIENT and cancel requests.</summary>
public sealed class AdminTable
{
    private readonly ConcurrentDictionary<long, AdminSession> _sessions = new();

    public int Count => _sessions.Count;

    public IEnumerable<AdminSession> Sessions => _sessions.Values.OrderBy(session => session.Client.Id);

    /// <summary>A cancel request (^C in psql): ends a command that waits. False: no client of the console has that key.</summary>
    public bool TryCancel(CancelKey key)
    {
        AdminSession? session = _sessions.Values.FirstOrDefault(one => one.CancelKey == key);
        session?.Cancel();
        return session is not null;
    }

    /// <summary>KILL_CLIENT of a client of the console. False: there is none of that number.</summary>
    internal bool TryKill(long id)
    {
        bool found = _sessions.TryGetValue(id, out AdminSession? session);
        session?.End(SessionEndReason.Killed);
        return found;
    }

    internal void Add(AdminSession session) => _sessions[session.Client.Id] = session;

    internal void Remove(AdminSession session) => _sessions.TryRemove(session.Client.Id, out _);
}
