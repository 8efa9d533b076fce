namespace Tigger.Mirroring;

/// <summary>
/// A sample of the transactions that went otherwise on a mirror: so many are looked at in a second, and so many forms are kept,
/// those seen last. Thread-safe.
/// </summary>
internal sealed class MirrorDifferences
{
    public const int MostKept = 100;
    public const int MostPerSecond = 50;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string?, string?, string), MirrorDifference> _all = [];
    private long _second;
    private int _inSecond;

    public IReadOnlyList<MirrorDifference> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all.Values.OrderByDescending(one => one.LastSeen)];
            }
        }
    }

    public void Note(MirrorTransaction transaction, string? primary, string? mirror)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        if (!IsInSample(now))
        {
            return;
        }

        string fingerprint = Fingerprint.Of(transaction);
        lock (_lock)
        {
            (string?, string?, string) key = (primary, mirror, fingerprint);
            long count = _all.TryGetValue(key, out MirrorDifference? known) ? known.Count : 0;
            if (known is null && _all.Count == MostKept)
            {
                _all.Remove(_all.MinBy(one => one.Value.LastSeen).Key);
            }

            _all[key] = new MirrorDifference(primary, mirror, fingerprint, count + 1, now);
        }
    }

    private bool IsInSample(DateTimeOffset now)
    {
        lock (_lock)
        {
            long second = now.ToUnixTimeSeconds();
            _inSecond = second == _second ? _inSecond + 1 : 1;
            _second = second;
            return _inSecond <= MostPerSecond;
        }
    }
}
