namespace Tigger.Config.Ini;

/// <summary>Reads pgbouncer.ini with the files it includes, as if their text stood in the place of the directive.</summary>
internal static class IniFile
{
    /// <summary>PgBouncer's bound.</summary>
    private const int DeepestInclude = 10;

    public static IEnumerable<IniItem> Read(string text, FaultList faults) => Read(text, null, 0, faults);

    private static IEnumerable<IniItem> Read(string text, string? file, int depth, FaultList faults)
    {
        foreach (var item in new IniScanner(text, file, faults).Items())
        {
            if (item.Kind != IniItemKind.Include)
                yield return item;
            else if (depth == DeepestInclude)
                faults.Error("", item.Value.Mark, "include nesting level too deep");
            else if (Load(item.Value, faults) is { } included)
            {
                foreach (var inner in Read(included, item.Value.Text, depth + 1, faults))
                    yield return inner;
            }
        }
    }

    /// <summary>A relative name counts from the working directory, as in PgBouncer.</summary>
    private static string? Load(ConfigNode name, FaultList faults)
    {
        try
        {
            return File.ReadAllText(name.Text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            faults.Error("", name.Mark, $"could not load file \"{name.Text}\": {FileFault.Reason(e)}");
            return null;
        }
    }
}
