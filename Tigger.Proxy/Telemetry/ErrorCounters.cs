namespace Tigger.Telemetry;

/// <summary>Counts errors by class of SQLSTATE, its first two characters. Any thread may count.</summary>
public sealed class ErrorCounters
{
    private const string Characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>PostgreSQL has some forty classes, extensions may have more; what is no class at all is last.</summary>
    private readonly long[] _values = new long[(Characters.Length * Characters.Length) + 1];

    public void Count(ReadOnlySpan<char> sqlState) => Interlocked.Increment(ref _values[IndexOf(sqlState)]);

    /// <summary>The classes that occurred.</summary>
    public IEnumerable<(string Class, long Count)> Read()
    {
        for (int i = 0; i < _values.Length; i++)
        {
            if (Volatile.Read(ref _values[i]) is > 0 and var count)
            {
                yield return (NameOf(i), count);
            }
        }
    }

    /// <summary>The class with that number; the kernel path has the same numbers.</summary>
    public static string NameOf(int index) =>
        index == Characters.Length * Characters.Length ? "other" : $"{Characters[index / Characters.Length]}{Characters[index % Characters.Length]}";

    private int IndexOf(ReadOnlySpan<char> sqlState)
    {
        int first = sqlState.Length < 2 ? -1 : Characters.IndexOf(sqlState[0], StringComparison.Ordinal);
        int second = sqlState.Length < 2 ? -1 : Characters.IndexOf(sqlState[1], StringComparison.Ordinal);
        return first < 0 || second < 0 ? _values.Length - 1 : (first * Characters.Length) + second;
    }
}
