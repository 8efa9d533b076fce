using Tigger.Auth;

namespace Tigger.Telemetry;

/// <summary>Counts how logins ended, by the proof that was asked for. Any thread may count.</summary>
public sealed class LoginCounters
{
    /// <summary>One more than there are methods: for logins that ended before a method was chosen.</summary>
    private readonly long[,] _values = new long[Enum.GetValues<AuthMethod>().Length + 1, Enum.GetValues<LoginOutcome>().Length];

    /// <param name="method">Null: it did not come so far.</param>
    /// <param name="outcome">How it ended.</param>
    public void Count(AuthMethod? method, LoginOutcome outcome) => Interlocked.Increment(ref _values[Row(method), (int)outcome]);

    /// <param name="method">Null: of the logins that did not come so far.</param>
    /// <param name="outcome">How they ended.</param>
    public long this[AuthMethod? method, LoginOutcome outcome] => Volatile.Read(ref _values[Row(method), (int)outcome]);

    private static int Row(AuthMethod? method) => method is { } chosen ? (int)chosen + 1 : 0;
}
