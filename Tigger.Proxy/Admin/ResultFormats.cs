namespace Tigger.Admin;

/// <summary>Text or binary for each column, as a Bind message asks (PostgreSQL: "Bind", result-column format codes).</summary>
/// <param name="Codes">None = all text, one = for all columns, else one per column; 0 = text, 1 = binary.</param>
public sealed record ResultFormats(IReadOnlyList<short> Codes)
{
    public static ResultFormats Text { get; } = new([]);

    /// <summary>Whether the codes are known ones and suit a result of so many columns.</summary>
    public bool Fits(int columns) =>
        Codes.All(code => code is 0 or 1) && (Codes.Count <= 1 || Codes.Count == columns);

    public bool IsBinary(int column) => Codes.Count switch
    {
        0 => false,
        1 => Codes[0] == 1,
        _ => Codes[column] == 1,
    };
}
