using System.Text;

namespace Tigger.Auth;

/// <summary>
/// SASLprep (RFC 4013) of passwords, to the result PostgreSQL and libpq reach: where the profile refuses a password, the
/// password is used as it is.
/// </summary>
/// <remarks>
/// <para>Under invariant globalization <see cref="string.Normalize()"/> returns non-ASCII text unchanged, so the NFKC step is
/// done here, for the characters that can be normalised one by one: <see cref="SaslPrepTables"/> lists those that NFKC leaves
/// alone, <see cref="Expand"/> those it replaces.</para>
/// <para>Limit: a password with any other non-ASCII character – combining accents, ligatures, Indic scripts, everything beyond
/// U+FFFF – is used as it is. PostgreSQL's result differs only if such a password needs mapping or normalising at all; it must
/// then be stored as a SCRAM secret, not as plain text.</para>
/// </remarks>
public static class SaslPrep
{
    /// <summary>The form of <paramref name="password"/> that keys are derived from. Never throws.</summary>
    /// <param name="password">As typed. ASCII comes back unchanged, control characters included, as in PostgreSQL.</param>
    public static string Normalize(string password)
    {
        if (Ascii.IsValid(password))
            return password;
        string mapped = Map(password);
        return IsAllowed(mapped) ? Expand(mapped) : password;
    }

    // RFC 4013, section 2.1. U+200B stands in both tables; as in PostgreSQL it becomes a space.
    private static string Map(string password)
    {
        StringBuilder mapped = new(password.Length);
        foreach (char c in password)
        {
            if (SaslPrepTables.Contains(SaslPrepTables.MappedToSpace, c))
                mapped.Append(' ');
            else if (!SaslPrepTables.Contains(SaslPrepTables.MappedToNothing, c))
                mapped.Append(c);
        }
        return mapped.ToString();
    }

    // RFC 4013, sections 2.3 to 2.5, on the mapped text before normalisation, which is where PostgreSQL looks.
    private static bool IsAllowed(string mapped)
    {
        bool left = false;
        bool right = false;
        foreach (char c in mapped)
        {
            if (IsRightToLeft(c))
                right = true;
            else if (IsLeftToRight(c))
                left = true;
            else if (!IsNeutral(c))
                return false;
        }
        return mapped.Length > 0 && (!right || (!left && IsRightToLeft(mapped[0]) && IsRightToLeft(mapped[^1])));
    }

    private static bool IsRightToLeft(char c) => SaslPrepTables.Contains(SaslPrepTables.RightToLeft, c);

    private static bool IsLeftToRight(char c) =>
        char.IsAsciiLetter(c) || c is 'ª' or 'º' or 'µ' || (IsFullWidth(c) && char.IsAsciiLetter(ToHalfWidth(c)))
        || SaslPrepTables.Contains(SaslPrepTables.LeftToRight, c);

    private static bool IsNeutral(char c) =>
        c is (>= ' ' and <= '~') or '¨' or '¯' or (>= '²' and <= '´') or (>= '¸' and <= '¹') or (>= '¼' and <= '¾')
            or '…' or '™' or '№'
        || IsFullWidth(c) || SaslPrepTables.Contains(SaslPrepTables.Neutral, c);

    private static bool IsFullWidth(char c) => c is >= '\uFF01' and <= '\uFF5E';

    private static char ToHalfWidth(char c) => (char)(c - 0xFEE0);

    // NFKC of each character alone. The parts join without composing: every replacement begins with a character that never
    // combines with the one before it.
    private static string Expand(string mapped)
    {
        StringBuilder expanded = new(mapped.Length);
        foreach (char c in mapped)
        {
            _ = c switch
            {
                'ª' => expanded.Append('a'),
                'º' => expanded.Append('o'),
                'µ' => expanded.Append('\u03BC'),
                '¹' => expanded.Append('1'),
                '²' => expanded.Append('2'),
                '³' => expanded.Append('3'),
                '¨' => expanded.Append(" \u0308"),
                '¯' => expanded.Append(" \u0304"),
                '´' => expanded.Append(" \u0301"),
                '¸' => expanded.Append(" \u0327"),
                '¼' => expanded.Append("1\u20444"),
                '½' => expanded.Append("1\u20442"),
                '¾' => expanded.Append("3\u20444"),
                '…' => expanded.Append("..."),
                '™' => expanded.Append("TM"),
                '№' => expanded.Append("No"),
                _ => expanded.Append(IsFullWidth(c) ? ToHalfWidth(c) : c),
            };
        }
        return expanded.ToString();
    }
}
