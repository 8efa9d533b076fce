namespace Tigger.Config.Ini;

/// <summary>
/// The values of [databases], [users] and [peers], <c>key=value key='quoted value'</c>, by the rules of PgBouncer's loader.c:
/// only blanks part pairs, a quote in quotes is doubled, a backslash is nothing special, no value is empty.
/// </summary>
internal static class ConnectionString
{
    /// <summary>The pairs, each with its place, or null when it is not one.</summary>
    public static IReadOnlyList<(ConfigNode Key, ConfigNode Value)>? Parse(ConfigNode value)
    {
        var text = value.Text;
        List<(ConfigNode, ConfigNode)> pairs = [];
        for (var at = SkipBlanks(text, 0); at < text.Length; at = SkipBlanks(text, at))
        {
            var key = at;
            while (at < text.Length && text[at] is not ('=' or ' '))
                at++;
            var name = text[key..at];
            at = SkipBlanks(text, at);
            if (name.Length == 0 || at == text.Length || text[at] != '=')
                return null;
            var start = SkipBlanks(text, at + 1);
            if (Read(text, start, out at) is not { Length: > 0 } content)
                return null;
            pairs.Add((Scalar(value, key, name), Scalar(value, start, content)));
        }

        return pairs;
    }

    /// <param name="text">The whole.</param>
    /// <param name="start">Where the value begins.</param>
    /// <param name="next">Behind it; the character behind a closing quote is passed over, as PgBouncer does.</param>
    private static string? Read(string text, int start, out int next)
    {
        next = start;
        if (start == text.Length || text[start] != '\'')
        {
            while (next < text.Length && text[next] != ' ')
                next++;
            return text[start..next];
        }

        for (next = start + 1; next < text.Length; next++)
        {
            if (text[next] != '\'')
                continue;
            if (next + 1 == text.Length || text[next + 1] != '\'')
            {
                var content = text[(start + 1)..next].Replace("''", "'", StringComparison.Ordinal);
                next = Math.Min(next + 2, text.Length);
                return content;
            }

            next++;
        }

        return null;
    }

    private static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && text[at] == ' ')
            at++;
        return at;
    }

    private static ConfigNode Scalar(ConfigNode whole, int offset, string text) =>
        new(ConfigNodeKind.Scalar, whole.Mark.Right(offset)) { Text = text };
}
