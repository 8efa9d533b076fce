namespace Tigger.Admin;

/// <summary>Types of result columns; the values are PostgreSQL's type numbers (pg_type.oid).</summary>
public enum ColumnType
{
    Bytea = 17,
    Int8 = 20,
    Int4 = 23,

    /// <summary>Also points in time, as PgBouncer writes them.</summary>
    Text = 25,

    /// <summary>Whole numbers all the same.</summary>
    Numeric = 1700,
}
