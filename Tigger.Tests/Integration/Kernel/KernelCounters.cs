using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>What the kernel's counters grew by.</summary>
internal sealed class KernelCounters
{
    private const string Escape = "kernel_escape_";

    /// <summary>Every client leaves with one of these; it is no failure of the path.</summary>
    private const string Goodbye = Escape + "terminate";

    private readonly Dictionary<string, long> _grown;

    private KernelCounters(Dictionary<string, long> grown) => _grown = grown;

    public long this[string name] => _grown["kernel_" + name];

    /// <summary>Sends that were passed up to C#.</summary>
    public long Escapes => _grown.Where(pair => pair.Key.StartsWith(Escape, StringComparison.Ordinal) && pair.Key != Goodbye).Sum(pair => pair.Value);

    public static Task<IReadOnlyDictionary<string, long>> ReadAsync(AdminConsole console) => console.CountersAsync();

    public static async Task<KernelCounters> SinceAsync(AdminConsole console, IReadOnlyDictionary<string, long> before) => new(
        (await console.CountersAsync())
            .Where(pair => pair.Key.StartsWith("kernel_", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key, pair => pair.Value - before[pair.Key]));

    public override string ToString() => string.Join(", ", _grown.Where(pair => pair.Value != 0).Select(pair => $"{pair.Key} {pair.Value}"));
}
