namespace Tigger.Config.Ini;

/// <summary>One section head, setting or directive of pgbouncer.ini.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Name">The section's or the setting's name.</param>
/// <param name="Value">The setting's value, or the file to include.</param>
/// <param name="Comments">The comment lines right above.</param>
internal sealed record IniItem(IniItemKind Kind, ConfigNode Name, ConfigNode Value, IReadOnlyList<string> Comments);
