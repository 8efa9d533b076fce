using System.Text;

namespace Tigger.Protocol;

/// <summary>
/// Parses the value of the startup parameter <c>options</c>: <c>-c name=value</c>, <c>-cname=value</c> and
/// <c>--name=value</c>, cut at white space that no backslash precedes. Follows pg_split_opts, process_postgres_switches
/// and ParseLongOption; PostgreSQL's other switches are not accepted.
/// </summary>
public static class StartupOptions
{
    /// <param name="options">The value as the client sent it.</param>
    /// <param name="settings">The settings in order, a dash in a name turned into an underscore as PostgreSQL does.</param>
    /// <param name="offending">The first piece that is no setting.</param>
    /// <returns>False if there is an <paramref name="offending"/> piece.</returns>
    public static bool TryParse(string options, out List<KeyValuePair<string, string>> settings, out string? offending)
    {
        settings = [];
        offending = null;
        List<string> pieces = Split(options);
        for (int i = 0; i < pieces.Count; i++)
        {
            string piece = pieces[i];
            string? setting = piece switch
            {
                "-c" => i + 1 < pieces.Count ? pieces[++i] : null,
                _ when piece.StartsWith("-c", StringComparison.Ordinal) => piece[2..],
                _ when piece.StartsWith("--", StringComparison.Ordinal) => piece[2..],
                _ => null,
            };
            int equals = setting?.IndexOf('=') ?? -1;
            if (equals <= 0)
            {
                offending = setting ?? piece;
                return false;
            }

            settings.Add(new(setting![..equals].Replace('-', '_'), setting[(equals + 1)..]));
        }

        return true;
    }

    private static List<string> Split(string options)
    {
        List<string> pieces = [];
        StringBuilder piece = new();
        int i = 0;
        while (true)
        {
            while (i < options.Length && IsSpace(options[i]))
            {
                i++;
            }

            if (i == options.Length)
            {
                return pieces;
            }

            piece.Clear();
            for (bool escaped = false; i < options.Length && (escaped || !IsSpace(options[i])); i++)
            {
                escaped = !escaped && options[i] == '\\';
                if (!escaped)
                {
                    piece.Append(options[i]);
                }
            }

            pieces.Add(piece.ToString());
        }
    }

    private static bool IsSpace(char c) => c is ' ' or (>= '\t' and <= '\r');
}
