namespace Tigger.Pooling;

/// <summary>A user over all databases, with its connection counts.</summary>
public sealed class UserState(string name)
{
    private int _clients;

    public string Name { get; } = name;

    /// <summary>Logged-in clients of this user.</summary>
    public int ClientCount => Volatile.Read(ref _clients);

    /// <summary>Open and opening servers; guarded by <see cref="ConnectionLimits"/>.</summary>
    public int ServerCount { get; internal set; }

    /// <summary>Counts a client in, unless the user has <paramref name="limit"/> already (0 = no limit).</summary>
    internal bool TryAddClient(int limit)
    {
        if (Interlocked.Increment(ref _clients) > limit && limit > 0)
        {
            Interlocked.Decrement(ref _clients);
            return false;
        }

        return true;
    }

    internal void RemoveClient() => Interlocked.Decrement(ref _clients);
}
