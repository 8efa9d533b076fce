namespace Tigger.Config;

/// <summary>Writes a record by its key table: the keys that differ from their defaults, secrets masked.</summary>
internal static class RecordText
{
    public static string Write<TRecord>(string name, TRecord record, KeyTable<TRecord> table)
    {
        var keys = table.All
            .Where(key => key.Format(record) != key.Default)
            .Select(key => $"{key.Name} = {(key.IsSecret ? "***" : key.Format(record))}");
        return $"{name} {{ {string.Join(", ", keys)} }}";
    }
}
