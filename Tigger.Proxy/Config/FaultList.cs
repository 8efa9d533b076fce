namespace Tigger.Config;

/// <summary>Collects the faults of one file, and where each key stands in it so that rules between keys can point there.</summary>
internal sealed class FaultList(string fileName)
{
    private readonly List<ConfigFault> _faults = [];
    private readonly Dictionary<string, ConfigMark> _places = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, ConfigMark> Places => _places;

    public bool HasErrors => _faults.Exists(fault => fault.Severity == FaultSeverity.Error);

    /// <summary>Those of included files come last.</summary>
    public IReadOnlyList<ConfigFault> InFileOrder() =>
    [
        .. _faults.OrderBy(fault => fault.File == fileName ? "" : fault.File, StringComparer.Ordinal)
            .ThenBy(fault => fault.Line).ThenBy(fault => fault.Column),
    ];

    /// <summary>Notes where a key stands; false when it stood somewhere before.</summary>
    public bool Place(string key, ConfigMark mark, out ConfigMark earlier)
    {
        if (_places.TryGetValue(key, out earlier))
            return false;
        _places.Add(key, mark);
        return true;
    }

    /// <summary>Where the value stands that counts, which in pgbouncer.ini is the last one.</summary>
    public void Replace(string key, ConfigMark mark) => _places[key] = mark;

    public void Forget(string key) => _places.Remove(key);

    /// <summary>An error in the value of a key that the message names itself.</summary>
    public void Refuse(string key, ConfigMark mark, string message)
    {
        _refused.Add(key);
        Error("", mark, message);
    }

    public void Error(string key, ConfigMark mark, string message) => Add(key, mark, message, FaultSeverity.Error);

    public void Warning(string key, ConfigMark mark, string message) => Add(key, mark, message, FaultSeverity.Warning);

    /// <summary>
    /// A broken rule between keys. It points at the first of them that is written, and is left out when one of them has
    /// an error of its own: the rule then only repeats that error in other words.
    /// </summary>
    public void RuleError(string message, params ReadOnlySpan<string> keys) => AddRule(keys, message, FaultSeverity.Error);

    /// <summary>A rule between keys whose breach is only odd; placed and left out like an error.</summary>
    public void RuleWarning(string message, params ReadOnlySpan<string> keys) => AddRule(keys, message, FaultSeverity.Warning);

    private void AddRule(ReadOnlySpan<string> keys, string message, FaultSeverity severity)
    {
        foreach (var key in keys)
        {
            if (_refused.Contains(key) || _faults.Exists(fault => fault.Key == key && fault.Severity == FaultSeverity.Error))
                return;
        }

        Add(keys[0], PlaceOf(keys), message, severity);
    }

    private ConfigMark PlaceOf(ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (_places.TryGetValue(key, out var mark))
                return mark;
        }

        return default;
    }

    private void Add(string key, ConfigMark mark, string message, FaultSeverity severity) =>
        _faults.Add(new ConfigFault(mark.File ?? fileName, mark.Line, mark.Column, key, message, severity));
}
