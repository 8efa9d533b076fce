namespace Tigger.Config;

/// <summary>What loading gave: a configuration unless there was an error, and everything there is to say about the file.</summary>
public sealed record ConfigResult
{
    /// <summary>Null when any fault is an error.</summary>
    public TiggerConfig? Config { get; init; }

    /// <summary>Errors and warnings, in the order of the file.</summary>
    public required IReadOnlyList<ConfigFault> Faults { get; init; }
}
