namespace Tigger.Config;

/// <summary>What loading gave: a configuration unless there was an error, and everything there is to say about the file.</summary>
public sealed record ConfigResult
{
    /// <summary>Null when any fault is an error.</summary>
    public TiggerConfig? Config { get; init; }

    /// <summary>Where each key that is written stands, by its path (<c>pool_mode</c>, <c>databases.shop.host</c>).</summary>
    public IReadOnlyDictionary<string, ConfigMark> Places { get; init; } = new Dictionary<string, ConfigMark>();

    /// <summary>What the file says in comments right above an entry, line by line, by the entry's path.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Comments { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>True for pgbouncer.ini, false for YAML.</summary>
    public bool IsIni { get; init; }

    /// <summary>Errors and warnings, in the order of the file.</summary>
    public required IReadOnlyList<ConfigFault> Faults { get; init; }
}
