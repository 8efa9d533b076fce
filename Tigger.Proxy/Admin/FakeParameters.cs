using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Tigger.Admin;

/// <summary>
/// Server parameters that drivers set and ask for without looking whether they talk to a PostgreSQL: SHOW gives the value, SET
/// is accepted and ignored.
/// </summary>
public static class FakeParameters
{
    private static readonly FrozenDictionary<string, string> Values = new Dictionary<string, string>
    {
        ["application_name"] = "",
        ["client_encoding"] = "UTF-8",
        ["datestyle"] = "ISO",
        ["default_transaction_isolation"] = "read committed",
        ["extra_float_digits"] = "2",
        ["standard_conforming_strings"] = "on",
        ["timezone"] = "GMT",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string name) => Values.ContainsKey(name);

    public static bool TryGet(string name, [NotNullWhen(true)] out string? value) => Values.TryGetValue(name, out value);
}
