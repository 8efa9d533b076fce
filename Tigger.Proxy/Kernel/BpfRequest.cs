namespace Tigger.Kernel;

/// <summary>What is wanted of a BPF object: everything named must be there, or it is not loaded.</summary>
public sealed record BpfRequest
{
    public IReadOnlyList<string> Programs { get; init; } = [];

    public IReadOnlyList<string> Maps { get; init; } = [];

    /// <summary>Numbers of entries by map, where it is not to be what the source says. A ring buffer counts bytes.</summary>
    public IReadOnlyDictionary<string, uint> Entries { get; init; } = new Dictionary<string, uint>();
}
