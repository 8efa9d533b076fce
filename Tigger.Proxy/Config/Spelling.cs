namespace Tigger.Config;

/// <summary>Guesses which known name a misspelt one was meant to be.</summary>
internal static class Spelling
{
    private const int LongestName = 64;

    /// <summary>The candidate with the fewest edits, if those are at most a third of the name.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        if (name.Length is 0 or > LongestName)
            return null;
        var (best, edits) = candidates
            .Select(candidate => (Name: candidate, Edits: Distance(name, candidate)))
            .OrderBy(candidate => candidate.Edits)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault(("", int.MaxValue));
        return edits <= Math.Max(1, name.Length / 3) ? best : null;
    }

    // Optimal string alignment: insert, delete, replace, and swap of neighbours ("siez") each cost one.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var best = Math.Min(replace, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    best = Math.Min(best, rows[i - 2, j - 2] + 1);
                rows[i, j] = best;
            }
        }

        return rows[a.Length, b.Length];
    }
}
