namespace Tigger.Config.Reference;

/// <summary>What the reference says of one key.</summary>
/// <param name="Name">The key, as it is written.</param>
/// <param name="Default">As PgBouncer writes it; null = not set.</param>
/// <param name="Unit">What a bare number means; empty when there is none.</param>
/// <param name="Reload">Whether a reload changes it.</param>
/// <param name="PgBouncer">The names PgBouncer has for it; none for a key of Tigger's own.</param>
/// <param name="Description">One line for people.</param>
internal sealed record ReferenceEntry(string Name, string? Default, string Unit, bool Reload, IReadOnlyList<string> PgBouncer, string Description)
{
    // The table says in its own columns what these end with.
    private static readonly string[] SaidByColumns = [" Takes effect at start only.", " Tigger's own."];

    public static ReferenceEntry Of<TRecord>(Setting<TRecord> setting) => new(
        setting.Name,
        setting.Default,
        setting.Unit,
        setting.Changeable,
        setting.IsTiggers ? [] : [setting.Name, .. setting.Aliases],
        SaidByColumns.Aggregate(setting.Description, (text, ending) => text.Replace(ending, "", StringComparison.Ordinal)));
}
