using System.Diagnostics.CodeAnalysis;

namespace Tigger.Config;

/// <summary>The keys of one kind of record, by name.</summary>
public sealed class KeyTable<TRecord>
{
    private readonly Dictionary<string, Setting<TRecord>> _byName;

    internal KeyTable(IEnumerable<Setting<TRecord>> entries)
    {
        All = [.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        _byName = All.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        foreach (var entry in All)
        {
            foreach (var alias in entry.Aliases)
                _byName.Add(alias, entry);
        }
    }

    /// <summary>Every key once, sorted by name as SHOW CONFIG lists them.</summary>
    public IReadOnlyList<Setting<TRecord>> All { get; }

    /// <summary>Every name, aliases included.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <summary>The key of that name or alias.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out Setting<TRecord>? setting) => _byName.TryGetValue(name, out setting);

    /// <summary>"unknown key", with the nearest known one when it is near.</summary>
    public string DescribeUnknown(string name, string what = "key") =>
        Spelling.Nearest(name, Names) is { } near ? $"unknown {what}, did you mean {near}?" : $"unknown {what}";
}
