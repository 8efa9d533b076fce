using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Tigger.Config;

/// <summary>Writes the keys that a file sets as YAML, which, loaded, gives the same configuration.</summary>
internal sealed partial class YamlWriter
{
    private readonly StringBuilder _yaml = new();
    private readonly ConfigResult _result;

    private YamlWriter(ConfigResult result) => _result = result;

    /// <param name="result">Without errors.</param>
    /// <param name="title">A comment for the head of the file.</param>
    public static string Write(ConfigResult result, string title)
    {
        var writer = new YamlWriter(result);
        var config = result.Config!;
        writer.Comment(0, title);
        writer.AppendSettings(config);
        var databases = config.Databases.Values.Concat(config.FallbackDatabase is { } fallback ? [fallback] : []);
        writer.AppendMap(ConfigBuilder.DatabasesKey, databases.Select(database => (database.Name, database)), DatabaseKeys.Table, Mirrors);
        writer.AppendMap(ConfigBuilder.UsersKey, config.Users.Values.Select(user => (user.Name, user)), UserKeys.Table);
        writer.AppendMap(
            ConfigBuilder.PeersKey, config.Peers.Values.Select(peer => (peer.PeerId.ToString(CultureInfo.InvariantCulture), peer)), PeerKeys.Table);
        return writer._yaml.ToString();
    }

    private void AppendSettings(TiggerConfig config)
    {
        foreach (var group in SettingsTable.All.Where(setting => _result.Places.ContainsKey(setting.Name)).GroupBy(setting => setting.Group))
        {
            _yaml.Append('\n');
            Comment(0, $"--- {group.Key} ---");
            foreach (var setting in group)
            {
                Comment(0, setting.Description);
                CommentsOf(setting.Name, 0);
                _yaml.Append(CultureInfo.InvariantCulture, $"{setting.Name}: {Value(setting, config)}\n");
            }
        }
    }

    private static IEnumerable<string> Mirrors(DatabaseConfig database) => database.Mirrors.Count == 0
        ? []
        : [$"{ConfigBuilder.MirrorsKey}: [{string.Join(", ", database.Mirrors.Select(mirror => $"{{ {string.Join(", ", Keys(MirrorKeys.Table, mirror))} }}"))}]"];

    private static IEnumerable<string> Keys<TRecord>(KeyTable<TRecord> table, TRecord record) =>
        table.All.Where(key => key.Format(record) != key.Default).Select(key => $"{key.Name}: {Value(key, record)}");

    private void AppendMap<TRecord>(
        string section, IEnumerable<(string Name, TRecord Record)> entries, KeyTable<TRecord> table, Func<TRecord, IEnumerable<string>>? further = null)
    {
        if (!entries.Any())
            return;
        _yaml.Append(CultureInfo.InvariantCulture, $"\n{section}:\n");
        foreach (var (name, record) in entries)
        {
            CommentsOf($"{section}.{name}", 2);
            var keys = Keys(table, record).Concat(further?.Invoke(record) ?? []);
            _yaml.Append(CultureInfo.InvariantCulture, $"  {Scalar(name)}: {{ {string.Join(", ", keys)} }}\n");
        }
    }

    private void CommentsOf(string path, int indent)
    {
        foreach (var line in _result.Comments.GetValueOrDefault(path, []))
            Comment(indent, line);
    }

    private void Comment(int indent, string text) => _yaml.Append(' ', indent).Append("# ").Append(text).Append('\n');

    private static string Value<TRecord>(Setting<TRecord> setting, TRecord record)
    {
        var text = setting.Format(record) ?? "";
        var items = text.Split(',');
        return setting.TakesList && items.Length > 1 && items.All(item => item.Length > 0 && item.Trim() == item)
            ? $"[{string.Join(", ", items.Select(Scalar))}]"
            : Scalar(text);
    }

    private static string Scalar(string text) => Plain().IsMatch(text) && text != "null" ? text : $"\"{string.Concat(text.Select(Escaped))}\"";

    private static string Escaped(char character) => character switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        // What YAML takes for the end of a line, or does not allow.
        '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}"),
        _ when char.IsControl(character) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}"),
        _ => character.ToString(),
    };

    [GeneratedRegex(@"\A[A-Za-z0-9_./][A-Za-z0-9_./-]*\z")]
    private static partial Regex Plain();
}
