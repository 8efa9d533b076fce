using System.Diagnostics.CodeAnalysis;

namespace Tigger.Config;

/// <summary>Every global setting: the keys of PgBouncer's section [pgbouncer] and Tigger's own.</summary>
public static class SettingsTable
{
    public static KeyTable<TiggerConfig> Table { get; } = new(
        Group("General / pools", GeneralSettings.Entries)
            .Concat(Group("Auth", AuthSettings.Entries))
            .Concat(Group("Log", LogSettings.Entries))
            .Concat(Group("Metrics", MetricsSettings.Entries))
            .Concat(Group("Health and timeouts", TimeoutSettings.Entries))
            .Concat(Group("TLS", TlsSettings.Entries))
            .Concat(Group("Low level", NetworkSettings.Entries)));

    /// <summary>Sorted by name, as SHOW CONFIG lists them.</summary>
    public static IReadOnlyList<Setting<TiggerConfig>> All => Table.All;

    public static bool TryFind(string name, [NotNullWhen(true)] out Setting<TiggerConfig>? setting) => Table.TryFind(name, out setting);

    /// <summary>
    /// The configuration after <c>SET name = text</c> on the admin console, or why that cannot be. Relative paths count
    /// from <see cref="TiggerConfig.BaseDirectory"/>, as they do in the file. Rules between settings are not checked: an
    /// operator may have to go through an odd state to reach a sound one.
    /// </summary>
    public static Parsed<TiggerConfig> Set(TiggerConfig config, string name, string text)
    {
        if (!TryFind(name, out var setting))
            return new ParseFault(Table.DescribeUnknown(name, "setting"));
        if (!setting.Changeable)
            return new ParseFault("can only be set at start");
        return Apply(config, setting, text);
    }

    /// <summary>A configuration as a running process can take it: what only counts at start stays as it is.</summary>
    public static TiggerConfig KeepFixed(TiggerConfig running, TiggerConfig next) => All
        .Where(setting => !setting.Changeable)
        .Aggregate(next, (config, setting) => setting.Apply(config, setting.Format(running) ?? "").Value);

    /// <summary>As <see cref="Setting{T}.Apply"/>, with paths made absolute and files that must exist looked at.</summary>
    internal static Parsed<TiggerConfig> Apply(TiggerConfig config, Setting<TiggerConfig> setting, string text)
    {
        if (!setting.IsPath)
            return setting.Apply(config, text);
        var path = ConfigPaths.Absolute(text, config.BaseDirectory);
        return setting.MustExist && ConfigPaths.WhyUnreadable(path) is { } why ? new ParseFault(why) : setting.Apply(config, path);
    }

    private static IEnumerable<Setting<TiggerConfig>> Group(string name, IEnumerable<Setting<TiggerConfig>> entries) =>
        entries.Select(entry => entry with { Group = name });
}
