using System.Text;

namespace Tigger.Protocol;

/// <summary>
/// Reads as much of a query's text as is needed to tell what a SET is about. Only a text that is one SET command and begins with
/// it is understood; of any other nothing is claimed.
/// </summary>
public static class SetCommand
{
    private const byte LowerCase = 0x20;

    /// <param name="sql">The text, with or without its terminator.</param>
    /// <param name="parameter">The parameter it sets for the session; empty: it ends with the transaction.</param>
    /// <returns>False: not a single SET, or one whose tag is not SET.</returns>
    public static bool TryRead(ReadOnlySpan<byte> sql, out string parameter)
    {
        parameter = "";
        ReadOnlySpan<byte> rest = sql.TrimEnd("\0 \t\r\n;"u8).TrimStart(" \t\r\n"u8);
        if (!Is(NextWord(ref rest), "set"u8) || rest.IndexOf((byte)';') >= 0)
        {
            return false;
        }

        ReadOnlySpan<byte> word = NextWord(ref rest);
        if (Is(word, "local"u8) || Is(word, "transaction"u8))
        {
            return true;
        }

        if (Is(word, "constraints"u8))
        {
            return false;
        }

        if (Is(word, "session"u8))
        {
            word = NextWord(ref rest);
        }

        ReadOnlySpan<byte> next = NextWord(ref rest);
        parameter = Is(word, "names"u8) ? "client_encoding"
            : Is(word, "time"u8) && Is(next, "zone"u8) ? "TimeZone"
            : Encoding.UTF8.GetString(word);
        return word.Length > 0;
    }

    private static ReadOnlySpan<byte> NextWord(ref ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> found = text.TrimStart(" \t\r\n="u8);
        int length = found.IndexOfAny(" \t\r\n="u8);
        length = length < 0 ? found.Length : length;
        text = found[length..];
        return found[..length];
    }

    /// <param name="word">As written.</param>
    /// <param name="keyword">In lower case.</param>
    private static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> keyword)
    {
        if (word.Length != keyword.Length)
        {
            return false;
        }

        for (int i = 0; i < word.Length; i++)
        {
            if ((word[i] | LowerCase) != keyword[i])
            {
                return false;
            }
        }

        return true;
    }
}
