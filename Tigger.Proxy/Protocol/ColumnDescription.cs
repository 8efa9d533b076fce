namespace Tigger.Protocol;

/// <summary>A column of a result that Tigger itself produces.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeOid">Object id of its type in pg_type, one of the constants here.</param>
public readonly record struct ColumnDescription(string Name, int TypeOid)
{
    public const int Bool = 16;
    public const int Int8 = 20;
    public const int Int4 = 23;
    public const int Text = 25;
    public const int Numeric = 1700;

    /// <summary>typlen of the type in bytes; -1 for a variable length.</summary>
    public short TypeSize => TypeOid switch
    {
        Bool => 1,
        Int4 => 4,
        Int8 => 8,
        _ => -1,
    };
}
