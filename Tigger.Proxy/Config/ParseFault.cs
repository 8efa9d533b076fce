namespace Tigger.Config;

/// <summary>Why a text is not a value; turns into a failed <see cref="Parsed{T}"/> of any type.</summary>
public readonly record struct ParseFault(string Message)
{
    private const int LongestQuote = 80;

    /// <summary>"expected X, found Y", the one form all such messages have.</summary>
    public static ParseFault Expected(string what, string found) => new($"expected {what}, found {Quote(found)}");

    private static string Quote(string found) => found.Length switch
    {
        0 => "nothing",
        > LongestQuote => $"\"{found[..LongestQuote]}...\"",
        _ => $"\"{found}\"",
    };
}
