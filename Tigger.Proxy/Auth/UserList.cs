using System.Text;

namespace Tigger.Auth;

/// <summary>
/// Users and secrets from a file in PgBouncer's <c>auth_file</c> format: one <c>"name" "secret"</c> per line, <c>""</c> inside
/// quotes for a quote, <c>;</c> before a comment, anything after the secret ignored.
/// </summary>
/// <remarks>
/// One difference from PgBouncer: it stops reading at the first broken line, here only that line is lost. A file it reads
/// without complaint gives the same users, except that a quoted text may not run over the end of a line.
/// </remarks>
public sealed class UserList
{
    /// <summary>Longest user name, in bytes of UTF-8.</summary>
    public const int MaxName = 128;

    /// <summary>Longest secret, in bytes of UTF-8.</summary>
    public const int MaxSecret = 2048;

    private UserList(Dictionary<string, UserSecret> users, List<UserListFault> faults)
    {
        Users = users;
        Faults = faults;
    }

    /// <summary>Secrets by user name. The last line for a name counts.</summary>
    public IReadOnlyDictionary<string, UserSecret> Users { get; }

    /// <summary>What was skipped or looks wrong, in the order of lines.</summary>
    public IReadOnlyList<UserListFault> Faults { get; }

    /// <summary>Reads a whole file. Never throws; what cannot be read is in <see cref="Faults"/>.</summary>
    /// <param name="text">The file's text, with any line endings.</param>
    public static UserList Parse(string text)
    {
        Dictionary<string, UserSecret> users = new(StringComparer.Ordinal);
        List<UserListFault> faults = [];
        int number = 0;
        // Only line feeds end a line: a form feed or U+2028 may well be part of a password.
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            number++;
            ReadOnlySpan<char> line = text.AsSpan(range).Trim(" \t\r\v\f");
            if (line.IsEmpty || line[0] == ';')
                continue;
            string? fault = ReadLine(line, users);
            if (fault is not null)
                faults.Add(new UserListFault(number, fault));
        }
        return new UserList(users, faults);
    }

    private static string? ReadLine(ReadOnlySpan<char> line, Dictionary<string, UserSecret> users)
    {
        if (line[0] != '"')
            return "does not start with a double quote; line skipped";
        if (!TryReadQuoted(ref line, out string name))
            return "user name has no closing quote; line skipped";
        if (!TryReadQuoted(ref line, out string secretText))
            return "secret is missing or has no closing quote; line skipped";
        if (name.Length == 0 || name.Contains('\0') || secretText.Contains('\0'))
            return "empty user name, or a NUL character; line skipped";
        if (Encoding.UTF8.GetByteCount(name) > MaxName)
            return "user name is longer than 128 bytes; line skipped";
        if (Encoding.UTF8.GetByteCount(secretText) > MaxSecret)
            return "secret is longer than 2048 bytes; line skipped";

        UserSecret secret = UserSecret.Parse(secretText);
        bool duplicate = !users.TryAdd(name, secret);
        users[name] = secret;
        if (secret.Plain is not null && secretText.StartsWith(ScramSecret.Prefix, StringComparison.Ordinal))
            return "malformed SCRAM secret; taken for a plain password, as PostgreSQL would";
        return duplicate ? "user is listed before; this line counts" : null;
    }

    // Skips to the next quote, as PgBouncer does, and reads up to the quote that closes it. Leaves the line after it.
    private static bool TryReadQuoted(ref ReadOnlySpan<char> line, out string text)
    {
        text = "";
        int open = line.IndexOf('"');
        if (open < 0)
            return false;
        StringBuilder content = new();
        for (int i = open + 1; i < line.Length; i++)
        {
            if (line[i] != '"')
            {
                content.Append(line[i]);
            }
            else if (i + 1 < line.Length && line[i + 1] == '"')
            {
                content.Append('"');
                i++;
            }
            else
            {
                line = line[(i + 1)..];
                text = content.ToString();
                return true;
            }
        }
        return false;
    }
}
