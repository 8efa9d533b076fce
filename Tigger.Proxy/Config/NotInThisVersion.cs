namespace Tigger.Config;

/// <summary>
/// PgBouncer's settings that are read but that this version does not act on yet. One that would weaken security if it were
/// passed over in silence is an error; the others are warnings where they are written.
/// </summary>
internal static class NotInThisVersion
{
    private const string WithoutEffect = "has no effect in this version";

    private static readonly string[] Ignored =
    [
        "resolv_conf",
    ];

    /// <summary>Why a configuration cannot be put in force; null when it can.</summary>
    public static string? Refusal(TiggerConfig config) =>
        Check("", config, new Dictionary<string, ConfigMark>()).FirstOrDefault()?.Message;

    /// <summary>All there is to say about a file whose keys stand at <paramref name="places"/>.</summary>
    public static IEnumerable<ConfigFault> Check(string file, TiggerConfig config, IReadOnlyDictionary<string, ConfigMark> places)
    {
        foreach (string key in Ignored.Where(places.ContainsKey))
        {
            yield return Fault(key, WithoutEffect, FaultSeverity.Warning);
        }

        ConfigFault Fault(string key, string message, FaultSeverity severity)
        {
            ConfigMark place = places.GetValueOrDefault(key);
            return new ConfigFault(place.File ?? file, place.Line, place.Column, key, message, severity);
        }
    }
}
