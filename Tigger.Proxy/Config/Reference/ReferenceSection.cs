namespace Tigger.Config.Reference;

/// <summary>One heading of the reference with its keys, sorted by name.</summary>
internal sealed record ReferenceSection(string Title, string Introduction, IReadOnlyList<ReferenceEntry> Entries)
{
    /// <summary>Everything that can be configured, from the tables that the loader itself reads by.</summary>
    public static IReadOnlyList<ReferenceSection> All { get; } =
    [
        .. SettingsTable.All
            .GroupBy(setting => setting.Group)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new ReferenceSection(group.Key, "At the top level of the file.", [.. group.Select(ReferenceEntry.Of)])),
        Nested("databases", "The keys of an entry of databases, whose name is the one clients ask for; \"*\" stands for every other name.", DatabaseKeys.Table),
        Nested("users", "The keys of an entry of users.", UserKeys.Table),
        Nested("peers", "The keys of an entry of peers, whose name is the other process's peer_id.", PeerKeys.Table),
    ];

    private static ReferenceSection Nested<TRecord>(string title, string introduction, KeyTable<TRecord> table) =>
        new(title, introduction, [.. table.All.Select(ReferenceEntry.Of)]);
}
