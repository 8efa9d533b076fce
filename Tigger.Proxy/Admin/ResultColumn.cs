namespace Tigger.Admin;

/// <summary>Name and type of one column of a result.</summary>
public sealed record ResultColumn(string Name, ColumnType Type)
{
    /// <summary>Bytes of a value in binary form; -1 = it varies (pg_type.typlen).</summary>
    public short Length => Type switch
    {
        ColumnType.Int4 => sizeof(int),
        ColumnType.Int8 => sizeof(long),
        _ => -1,
    };

    /// <summary>
    /// Columns from a text like <c>name:s port:i</c>; the letters are s = text, i = int4, q = int8, n = numeric, b = bytea.
    /// </summary>
    public static IReadOnlyList<ResultColumn> List(string text) =>
    [
        .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(column => new ResultColumn(column[..^2], TypeOf(column[^1]))),
    ];

    private static ColumnType TypeOf(char letter) => letter switch
    {
        's' => ColumnType.Text,
        'i' => ColumnType.Int4,
        'q' => ColumnType.Int8,
        'n' => ColumnType.Numeric,
        'b' => ColumnType.Bytea,
        _ => throw new ArgumentOutOfRangeException(nameof(letter), letter, "no such column type"),
    };
}
