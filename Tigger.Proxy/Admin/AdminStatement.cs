namespace Tigger.Admin;

/// <summary>A console statement taken apart.</summary>
/// <param name="Verb">What it wants.</param>
/// <param name="Argument">
/// Database, client number, setting or what to show, without quotes; the tag of a harmless statement; the whole text of an
/// invalid one. Empty when there is none.
/// </param>
/// <param name="Value">The new value of a setting.</param>
public sealed record AdminStatement(AdminVerb Verb, string Argument = "", string Value = "");
