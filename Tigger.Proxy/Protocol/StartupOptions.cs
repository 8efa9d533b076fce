using System.Text;

namespace Tigger.Protocol;

/// <summary>
/// The startup parameter <c>options</c>: command-line switches of which <c>-c name=value</c>, <c>-cname=value</c> and
/// <c>--name=value</c> set parameters. Words are split as pg_split_opts() does: at white space, backslash escapes.
/// </summary>
public static class StartupOptions
{
    /// <summary>False with the word that is not such a switch.</summary>
    public static bool TryParse(string options, List<KeyValuePair<string, string>> parameters, out string offender)
    {
        offender = "";
        List<string> words = Split(options);
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            string? setting = word switch
            {
                "-c" => ++i < words.Count ? words[i] : null,
                _ when word.StartsWith("-c", StringComparison.Ordinal) => word[2..],
                _ when word.StartsWith("--", StringComparison.Ordinal) => word[2..],
                _ => null,
            };
            int equals = setting?.IndexOf('=', StringComparison.Ordinal) ?? -1;
            if (setting is null || equals <= 0)
            {
                offender = word;
                return false;
            }

            // PostgreSQL's ParseLongOption(): a dash in the name stands for an underscore.
            parameters.Add(new(setting[..equals].Replace('-', '_'), setting[(equals + 1)..]));
        }

        return true;
    }

    private static List<string> Split(string options)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool inWord = false;
        for (int i = 0; i < options.Length; i++)
        {
            char c = options[i];
            if (char.IsWhiteSpace(c))
            {
                if (inWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    inWord = false;
                }

                continue;
            }

            inWord = true;
            if (c == '\\' && i + 1 < options.Length)
            {
                c = options[++i];
            }

            word.Append(c);
        }

        if (inWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
