using System.Globalization;

namespace Tigger.Top;

/// <summary>A row that the console showed. Columns that an older Tigger, or PgBouncer, does not have are empty or 0.</summary>
internal sealed record AdminRow(IReadOnlyDictionary<string, object?> Values)
{
    public string Text(string column) => Convert.ToString(Values.GetValueOrDefault(column), CultureInfo.InvariantCulture) ?? "";

    public long Number(string column) => Values.GetValueOrDefault(column) is long number ? number : 0;
}
