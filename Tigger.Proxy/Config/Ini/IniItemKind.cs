namespace Tigger.Config.Ini;

/// <summary>What pgbouncer.ini is made of.</summary>
internal enum IniItemKind
{
    /// <summary><c>[name]</c></summary>
    Section,

    /// <summary><c>name = value</c></summary>
    Pair,

    /// <summary><c>%include value</c></summary>
    Include,
}
