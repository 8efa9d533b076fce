using System.Globalization;
using System.Text;

namespace Tigger.Tests.Fixtures;

/// <summary>A configuration under construction: PgBouncer's setting names, written as YAML.</summary>
public sealed class TiggerConfigBuilder
{
    private readonly Dictionary<string, object> _settings = [];
    private readonly Dictionary<string, Dictionary<string, object>> _databases = [];
    private readonly Dictionary<string, Dictionary<string, object>> _users = [];
    private readonly Dictionary<string, Dictionary<string, object>> _peers = [];

    /// <summary>Decides where the pooler is started and its clients are; the settings are not derived from it.</summary>
    public DataPath DataPath { get; init; }

    /// <summary>A list is written as a YAML list, anything else as a scalar.</summary>
    public TiggerConfigBuilder Set(string key, object value)
    {
        _settings[key] = value;
        return this;
    }

    public TiggerConfigBuilder Unset(string key)
    {
        _settings.Remove(key);
        return this;
    }

    /// <summary>Adds a database or more settings to one already there.</summary>
    public TiggerConfigBuilder Database(string name, params (string Key, object Value)[] settings) => Merge(_databases, name, settings);

    public TiggerConfigBuilder RemoveDatabase(string name)
    {
        _databases.Remove(name);
        return this;
    }

    public TiggerConfigBuilder Peer(int id, params (string Key, object Value)[] settings) => Merge(_peers, $"{id}", settings);

    public TiggerConfigBuilder User(string name, params (string Key, object Value)[] settings) => Merge(_users, name, settings);

    public TiggerConfigBuilder RemoveUsers()
    {
        _users.Clear();
        return this;
    }

    public string ToYaml()
    {
        var yaml = new StringBuilder();
        foreach (var (key, value) in _settings)
            yaml.Append(key).Append(": ").AppendLine(Scalar(value));
        AppendMap(yaml, "databases", _databases);
        AppendMap(yaml, "users", _users);
        AppendMap(yaml, "peers", _peers);
        return yaml.ToString();
    }

    /// <summary>The same as pgbouncer.ini, with the passwords put into the given auth file.</summary>
    public (string Ini, string UserList) ToIni(string authFile)
    {
        var ini = new StringBuilder("[pgbouncer]\n");
        foreach (var (key, value) in _settings.Where(setting => setting.Key is not ("data_path" or "auth_file")))
            ini.Append(key).Append(" = ").AppendLine(value is IEnumerable<string> list ? string.Join(',', list) : Plain(value));
        ini.Append("auth_file = ").AppendLine(_settings.TryGetValue("auth_file", out var own) ? Plain(own) : authFile);
        AppendSection(ini, "databases", _databases, except: "");
        AppendSection(ini, "users", _users, except: "password");
        AppendSection(ini, "peers", _peers, except: "");
        var passwords = _users.Where(user => user.Value.ContainsKey("password"))
            .Select(user => $"\"{user.Key}\" \"{user.Value["password"]}\"");
        return (ini.ToString(), string.Join('\n', passwords) + "\n");
    }

    private TiggerConfigBuilder Merge(Dictionary<string, Dictionary<string, object>> map, string name, (string Key, object Value)[] settings)
    {
        if (!map.TryGetValue(name, out var entry))
            map[name] = entry = [];
        foreach (var (key, value) in settings)
            entry[key] = value;
        return this;
    }

    private static void AppendMap(StringBuilder yaml, string title, Dictionary<string, Dictionary<string, object>> map)
    {
        if (map.Count == 0)
            return;
        yaml.Append(title).AppendLine(":");
        foreach (var (name, entry) in map)
        {
            var fields = Fields(entry.Select(field => (field.Key, field.Value)));
            yaml.AppendLine(CultureInfo.InvariantCulture, $"  {Quoted(name)}: {{ {fields} }}");
        }
    }

    private static string Fields(IEnumerable<(string Key, object Value)> entry) =>
        string.Join(", ", entry.Select(field => $"{field.Key}: {Scalar(field.Value)}"));

    private static void AppendSection(StringBuilder ini, string title, Dictionary<string, Dictionary<string, object>> map, string except)
    {
        ini.AppendLine(CultureInfo.InvariantCulture, $"[{title}]");
        foreach (var (name, entry) in map)
        {
            var fields = entry.Where(field => field.Key != except).Select(field => $"{field.Key}='{Plain(field.Value)}'").ToList();
            if (fields.Count > 0)
                ini.AppendLine(CultureInfo.InvariantCulture, $"{name} = {string.Join(' ', fields)}");
        }
    }

    private static string Scalar(object value) => value switch
    {
        string text => Quoted(text),
        IEnumerable<string> list => $"[{string.Join(", ", list.Select(Quoted))}]",
        IEnumerable<(string Key, object Value)[]> maps => $"[{string.Join(", ", maps.Select(map => $"{{ {Fields(map)} }}"))}]",
        bool on => on ? "true" : "false",
        _ => Plain(value),
    };

    private static string Plain(object value) => value switch
    {
        bool on => on ? "1" : "0",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
