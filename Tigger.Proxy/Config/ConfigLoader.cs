using Tigger.Config.Ini;

namespace Tigger.Config;

/// <summary>Reads a configuration file, YAML or PgBouncer's.</summary>
public static class ConfigLoader
{
    /// <summary>Reads a file; one that cannot be read is a fault like any other.</summary>
    public static ConfigResult Load(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(path, default, ConfigPaths.WhyUnreadable(Path.GetFullPath(path)) ?? e.Message);
        }

        return Parse(text, path);
    }

    /// <summary>
    /// Reads a text. Relative paths in it count from the directory of <paramref name="fileName"/>, which need not exist, when it
    /// is YAML, and from the working directory when it is pgbouncer.ini.
    /// </summary>
    public static ConfigResult Parse(string text, string fileName) =>
        IsIni(text, fileName) ? IniLoader.Parse(text, fileName) : YamlLoader.Parse(text, fileName);

    internal static ConfigResult Fail(string fileName, ConfigMark mark, string message) =>
        new() { Faults = [new ConfigFault(fileName, mark.Line, mark.Column, "", message)] };

    /// <summary>By the name's extension, else by what cannot begin a configuration in YAML.</summary>
    private static bool IsIni(string text, string fileName) => Path.GetExtension(fileName).ToUpperInvariant() switch
    {
        ".INI" => true,
        ".YAML" or ".YML" => false,
        _ => text.Split('\n').Select(line => line.TrimStart()).FirstOrDefault(line => line.Length > 0 && line[0] is not ('#' or ';')) is { } first
            && first[0] is '[' or '%',
    };
}
