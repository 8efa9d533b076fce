namespace Tigger.Protocol;

/// <summary>Quotes text as an SQL string constant (PostgreSQL: "String Constants").</summary>
public static class SqlLiteral
{
    /// <summary>Safe whatever <c>standard_conforming_strings</c> says: with a backslash inside, the E'' form is used.</summary>
    public static string Quote(string value)
    {
        string doubled = value.Replace("'", "''", StringComparison.Ordinal);
        return doubled.Contains('\\', StringComparison.Ordinal)
            ? $"E'{doubled.Replace("\\", "\\\\", StringComparison.Ordinal)}'"
            : $"'{doubled}'";
    }
}
