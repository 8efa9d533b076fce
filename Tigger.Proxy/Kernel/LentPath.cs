using System.Text.Json;

namespace Tigger.Kernel;

/// <summary>
/// The kernel path as descriptors: what is left of it across execve(2), in a text for the environment. Everything that it does
/// after the start is done by descriptor, libbpf's own objects are needed to load and attach only.
/// </summary>
/// <param name="Link">The attachment to the cgroup.</param>
/// <param name="Blocks">How many blocks it was opened with.</param>
/// <param name="NoArrivalsReason">What <see cref="KernelPath.NoArrivalsReason"/> said.</param>
/// <param name="Programs">Those that C# runs.</param>
/// <param name="Maps">Those that C# reads and writes.</param>
public sealed record LentPath(
    int Link, int Blocks, string? NoArrivalsReason, IReadOnlyList<LentProgram> Programs, IReadOnlyList<LentMap> Maps)
{
    public IEnumerable<int> Descriptors => [Link, .. Programs.Select(program => program.Fd), .. Maps.Select(map => map.Fd)];

    /// <exception cref="JsonException">It is not what <see cref="ToText"/> wrote.</exception>
    public static LentPath Parse(string text) => JsonSerializer.Deserialize<LentPath>(text) ?? throw new JsonException("nothing there");

    public string ToText() => JsonSerializer.Serialize(this);
}
