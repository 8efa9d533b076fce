using System.Text.RegularExpressions;

namespace Tigger.Auth.Hba;

/// <summary>
/// Regular expressions in the place of names, written with a slash in front as in PostgreSQL 16. Matching takes time linear in
/// the name, whatever the expression: names come from clients.
/// </summary>
internal static class NamePattern
{
    public static bool IsPattern(string text) => text.StartsWith('/');

    /// <exception cref="AuthSyntaxException">Not an expression this engine knows (look-arounds and back references are not).</exception>
    public static Regex Compile(string text)
    {
        try
        {
            return new Regex(text[1..], RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new AuthSyntaxException($"invalid regular expression \"{text[1..]}\": {fault.Message}");
        }
    }
}
