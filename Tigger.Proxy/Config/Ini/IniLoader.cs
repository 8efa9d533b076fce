namespace Tigger.Config.Ini;

/// <summary>
/// Reads PgBouncer's configuration file. What PgBouncer refuses is an error, except for settings it does not know: those are
/// warnings. Tigger's own settings may stand in a section [tigger].
/// </summary>
internal sealed class IniLoader
{
    private const string MainSection = "pgbouncer";
    private const string OwnSection = "tigger";

    private readonly ConfigBuilder _builder;
    private readonly Dictionary<string, IReadOnlyList<string>> _comments = new(StringComparer.Ordinal);
    private string? _section;
    private bool _hasMain;

    private IniLoader(string fileName) => _builder = new ConfigBuilder(fileName, Environment.CurrentDirectory, lastWins: true);

    public static ConfigResult Parse(string text, string fileName)
    {
        IniLoader loader = new(fileName);
        foreach (var item in IniFile.Read(text, loader._builder.Faults))
        {
            if (item.Kind == IniItemKind.Section)
                loader.Enter(item.Name);
            else
                loader.Add(item);
        }

        if (!loader._hasMain)
            loader._builder.Faults.Error("", default, $"main section missing from config file: [{MainSection}]");
        return loader._builder.Build() with { IsIni = true, Comments = loader._comments };
    }

    private void Enter(ConfigNode name)
    {
        _section = name.Text;
        if (_section is not (MainSection or OwnSection or ConfigBuilder.DatabasesKey or ConfigBuilder.UsersKey or ConfigBuilder.PeersKey))
        {
            _builder.Faults.Error("", name.Mark, $"invalid section \"{_section}\" in configuration");
        }
        else if (_section == MainSection)
        {
            if (_hasMain)
            {
                _builder.Faults.Warning("", name.Mark, $"a further section [{MainSection}] puts the settings before it back to their defaults, as in PgBouncer");
                _builder.ReturnToDefaults();
            }

            _hasMain = true;
        }
        else
        {
            _builder.Enter(_section, name, name.Mark);
        }
    }

    private void Add(IniItem item)
    {
        switch (_section)
        {
            case MainSection or OwnSection:
                Set(item.Name, item.Value);
                Note(item.Name.Text, item);
                break;
            case ConfigBuilder.DatabasesKey:
                AddRecord(item, DatabaseKeys.Table, "connection", _builder.AddDatabase);
                break;
            case ConfigBuilder.UsersKey:
                AddRecord(item, UserKeys.Table, "user", _builder.AddUser);
                break;
            case ConfigBuilder.PeersKey:
                AddRecord(item, PeerKeys.Table, "connection", _builder.AddPeer);
                break;
            case null:
                _builder.Faults.Error("", item.Name.Mark, $"value without section: {item.Name.Text}");
                break;
        }
    }

    private void Set(ConfigNode key, ConfigNode value)
    {
        if (!SettingsTable.TryFind(key.Text, out var setting) || (_section == OwnSection && !setting.IsTiggers))
        {
            ReportUnknown(key);
            return;
        }

        var parsed = setting.FromIni(value.Text);
        var error = parsed.Ok ? setting.Apply(new TiggerConfig(), parsed.Value).Error : parsed.Error;
        if (error is null)
        {
            // PgBouncer starts without the file, and reads it when it is there at a reload.
            _builder.Set(key, value with { Text = parsed.Value }, mustExist: setting.Name is not ("auth_file" or "auth_hba_file" or "auth_ident_file"));
        }
        else
        {
            _builder.Faults.Refuse(setting.Name, value.Mark, $"invalid value \"{value.Text}\" for parameter {key.Text}: {error}");
        }
    }

    private void ReportUnknown(ConfigNode key)
    {
        var known = SettingsTable.All.Where(setting => _section == MainSection || setting.IsTiggers).Select(setting => setting.Name);
        var advice = Spelling.Nearest(key.Text, known) is { } near ? $", did you mean {near}?" : "";
        var message = $"unknown parameter: {_section}/{key.Text}{advice}";
        if (_section == MainSection)
            _builder.Faults.Warning("", key.Mark, $"{message} (ignored)");
        else
            _builder.Faults.Error("", key.Mark, message);
    }

    private void AddRecord<TRecord>(IniItem item, KeyTable<TRecord> table, string kind, Action<ConfigNode, ConfigNode> add)
    {
        var path = $"{_section}.{item.Name.Text}";
        if (ConnectionString.Parse(item.Value) is not { } pairs)
        {
            _builder.Faults.Error(path, item.Value.Mark, kind == "user" ? "syntax error in user settings" : "syntax error in connection string");
            return;
        }

        List<(ConfigNode, ConfigNode)> good = [];
        foreach (var (key, value) in pairs)
        {
            if (key.Text == ConfigBuilder.MirrorsKey && _section == ConfigBuilder.DatabasesKey)
                _builder.Faults.Error(path, key.Mark, "mirrors can be configured in YAML only; `tigger convert` writes this file as YAML");
            else if (!table.TryFind(key.Text, out var setting))
                _builder.Faults.Error(path, key.Mark, $"unrecognized {kind} parameter: {key.Text}{Advice(key.Text, table)}");
            else if (setting.FromIni(value.Text) is var parsed && parsed.Ok)
                good.Add((key, value with { Text = parsed.Value }));
            else
                _builder.Faults.Error($"{path}.{key.Text}", value.Mark, parsed.Error!);
        }

        add(item.Name, new ConfigNode(ConfigNodeKind.Map, item.Value.Mark) { Pairs = good });
        Note(path, item);
    }

    private static string Advice<TRecord>(string name, KeyTable<TRecord> table) =>
        Spelling.Nearest(name, table.Names) is { } near ? $", did you mean {near}?" : "";

    private void Note(string path, IniItem item)
    {
        _comments.Remove(path);
        if (item.Comments.Count > 0)
            _comments[path] = item.Comments;
    }
}
