using Tigger.Auth.Hba;
using Tigger.Config;

namespace Tigger.Hosting;

/// <summary>Reads auth_hba_file and auth_ident_file.</summary>
internal static class HbaFiles
{
    /// <summary>
    /// False when a file cannot be read; lines that cannot are warnings, as in PgBouncer, and so is a file that nothing needs.
    /// </summary>
    public static bool TryRead(TiggerConfig config, List<ConfigFault> faults, out HbaRules? rules)
    {
        if (TryReadAll(config, faults, out rules))
        {
            return true;
        }

        if (config.AuthType == AuthType.Hba)
        {
            return false;
        }

        faults[^1] = faults[^1] with { Severity = FaultSeverity.Warning };
        return true;
    }

    private static bool TryReadAll(TiggerConfig config, List<ConfigFault> faults, out HbaRules? rules)
    {
        rules = null;
        IdentMaps maps = IdentMaps.None;
        if (config.AuthIdentFile is { Length: > 0 } identFile)
        {
            if (TryReadText(identFile, "auth_ident_file", faults) is not { } text)
            {
                return false;
            }

            maps = IdentMaps.Parse(text);
            Add(maps.Faults, identFile, "auth_ident_file", faults);
        }

        if (config.AuthHbaFile is not { Length: > 0 } hbaFile)
        {
            return true;
        }

        if (TryReadText(hbaFile, "auth_hba_file", faults) is not { } lines)
        {
            return false;
        }

        rules = HbaRules.Parse(lines, hbaFile, maps, File.ReadAllText);
        Add(rules.Faults, hbaFile, "auth_hba_file", faults);
        return true;
    }

    private static string? TryReadText(string file, string key, List<ConfigFault> faults)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add(new ConfigFault(file, 0, 0, key, fault.Message));
            return null;
        }
    }

    private static void Add(IReadOnlyList<HbaFault> found, string file, string key, List<ConfigFault> faults) =>
        faults.AddRange(found.Select(fault => new ConfigFault(file, fault.Line, 1, key, fault.Text, FaultSeverity.Warning)));
}
