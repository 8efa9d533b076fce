using System.Text;

namespace Tigger.Auth;

/// <summary>
/// Options in the form <c>key=value key="value" "key"="value"</c>, with blanks or commas between them: what follows a method
/// in an HBA file, and <c>auth_ldap_options</c>. <c>""</c> inside quotes stands for one quote.
/// </summary>
internal static class AuthOptions
{
    /// <summary>The options in their order; a comment ends them.</summary>
    /// <exception cref="AuthSyntaxException">Not of that form.</exception>
    public static List<KeyValuePair<string, string>> Read(ReadOnlySpan<char> text)
    {
        List<KeyValuePair<string, string>> options = [];
        int position = 0;
        while (true)
        {
            while (position < text.Length && (char.IsWhiteSpace(text[position]) || text[position] == ','))
            {
                position++;
            }

            if (position == text.Length || text[position] == '#')
            {
                return options;
            }

            string key = ReadPart(text, ref position, isKey: true);
            if (position == text.Length || text[position] != '=')
            {
                throw new AuthSyntaxException("unsupported parameters (key=value expected)");
            }

            position++;
            string value = ReadPart(text, ref position, isKey: false);
            options.Add(key.Length > 0 && value.Length > 0
                ? new(key, value)
                : throw new AuthSyntaxException("unsupported parameters (a key or a value is empty)"));
        }
    }

    /// <summary>One side of an option. A hash is part of an unquoted value: distinguished names and passwords have them.</summary>
    private static string ReadPart(ReadOnlySpan<char> text, ref int position, bool isKey)
    {
        StringBuilder part = new();
        bool isQuoted = position < text.Length && text[position] == '"';
        for (position += isQuoted ? 1 : 0; position < text.Length; position++)
        {
            char c = text[position];
            if (!isQuoted && (char.IsWhiteSpace(c) || c == ',' || (isKey && c == '=')))
            {
                return part.ToString();
            }

            if (isQuoted && c == '"')
            {
                position++;
                if (position == text.Length || text[position] != '"')
                {
                    return part.ToString();
                }
            }

            part.Append(c);
        }

        return isQuoted ? throw new AuthSyntaxException("a value has no closing quote") : part.ToString();
    }
}
