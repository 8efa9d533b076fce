using System.Globalization;
using System.Text;

namespace Tigger.Config;

/// <summary>
/// Builds a configuration from keys and values with their places, whatever file format they came from, noting every
/// fault on the way.
/// </summary>
/// <param name="fileName">The file, as faults name it.</param>
/// <param name="directory">What relative paths count from.</param>
/// <param name="lastWins">True: of a key that is repeated the last one counts. False: that is a fault.</param>
internal sealed class ConfigBuilder(string fileName, string directory, bool lastWins = false)
{
    public const string DatabasesKey = "databases";
    public const string UsersKey = "users";
    public const string PeersKey = "peers";
    public const string MirrorsKey = "mirrors";

    private readonly Dictionary<string, DatabaseConfig> _databases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UserConfig> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<int, PeerConfig> _peers = [];
    private TiggerConfig _config = new() { BaseDirectory = directory };

    public FaultList Faults { get; } = new(fileName);

    /// <summary>A global setting.</summary>
    /// <param name="mustExist">False: a file it names need not be there.</param>
    public void Set(ConfigNode key, ConfigNode value, bool mustExist = true) => _config = Read(
        SettingsTable.Table, _config, "", key, value, (config, setting, text) => SettingsTable.Apply(config, setting with { MustExist = setting.MustExist && mustExist }, text));

    /// <summary>Every setting that has a default goes back to it, but not Tigger's own.</summary>
    public void ReturnToDefaults()
    {
        foreach (var setting in SettingsTable.All.Where(setting => setting is { IsTiggers: false, Default: not null }))
        {
            Faults.Forget(setting.Name);
            _config = setting.Apply(_config, setting.Default!).Value;
        }
    }

    public void AddDatabase(ConfigNode name, ConfigNode keys)
    {
        if (!Enter(DatabasesKey, name, Limits.DatabaseNameBytes, out var path))
            return;
        if (name.Text == Limits.AdminDatabase)
            Faults.Error(path, name.Mark, "this name is reserved for the admin console");
        var isMirrors = (ConfigNode key) => key.Text == MirrorsKey;
        var own = keys with { Pairs = [.. keys.Pairs.Where(pair => !isMirrors(pair.Key))] };
        var database = ReadRecord(DatabaseKeys.Table, new DatabaseConfig { Name = name.Text }, path, own);
        foreach (var (key, value) in keys.Pairs.Where(pair => isMirrors(pair.Key)))
            database = database with { Mirrors = ReadMirrors($"{path}.{MirrorsKey}", key, value) };
        if (name.Text == Limits.FallbackDatabase)
            _config = _config with { FallbackDatabase = database };
        else
            _databases[name.Text] = database;
    }

    public void AddUser(ConfigNode name, ConfigNode keys)
    {
        if (Enter(UsersKey, name, Limits.UserNameBytes, out var path))
            _users[name.Text] = ReadRecord(UserKeys.Table, new UserConfig { Name = name.Text }, path, keys);
    }

    public void AddPeer(ConfigNode id, ConfigNode keys)
    {
        if (!Enter(PeersKey, id, int.MaxValue, out var path))
            return;
        if (!int.TryParse(id.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > Limits.PeerId)
        {
            Faults.Error(path, id.Mark, $"a peer id is a number from 1 to {Limits.PeerId}");
            return;
        }

        _peers[number] = ReadRecord(PeerKeys.Table, new PeerConfig { PeerId = number }, path, keys);
    }

    /// <summary>Checks the whole and closes it.</summary>
    public ConfigResult Build()
    {
        var config = _config with
        {
            Conffile = _config.Conffile ?? fileName,
            Databases = _databases.AsReadOnly(),
            Users = _users.AsReadOnly(),
            Peers = _peers.AsReadOnly(),
        };
        new ConfigValidator(config, Faults).Check();
        return new ConfigResult { Config = Faults.HasErrors ? null : config, Places = Faults.Places, Faults = Faults.InFileOrder() };
    }

    /// <summary>Notes a key's place; a fault when it is not a word or was there before.</summary>
    public bool Enter(string path, ConfigNode key, ConfigMark place)
    {
        if (Faults.Place(path, place, out var earlier))
            return true;
        if (lastWins)
        {
            Faults.Replace(path, place);
            return true;
        }

        Faults.Error(path, key.Mark, $"duplicate key, first on line {earlier.Line}");
        return false;
    }

    private bool Enter(string section, ConfigNode name, int maxBytes, out string path)
    {
        path = $"{section}.{name.Text}";
        if (name.Kind != ConfigNodeKind.Scalar || name.Text.Length == 0)
        {
            Faults.Error(section, name.Mark, $"expected a name, found {name.Describe()}");
            return false;
        }

        if (Encoding.UTF8.GetByteCount(name.Text) > maxBytes)
            Faults.Error(path, name.Mark, $"name is longer than {maxBytes} bytes");
        return Enter(path, name, name.Mark);
    }

    private ValueList<MirrorConfig> ReadMirrors(string path, ConfigNode key, ConfigNode list)
    {
        List<MirrorConfig> mirrors = [];
        if (!Enter(path, key, list.Mark))
            return [];
        if (list.Kind != ConfigNodeKind.List)
            Faults.Error(path, list.Mark, $"expected a list of maps such as [{{ name: ..., host: ... }}], found {list.Describe()}");
        foreach (var (index, item) in list.Items.Index())
        {
            var itemPath = $"{path}[{index}]";
            Faults.Place(itemPath, item.Mark, out _);
            var mirror = ReadRecord(MirrorKeys.Table, new MirrorConfig(), itemPath, item);
            if (mirror.Name.Length == 0)
                Faults.Error(itemPath, item.Mark, "a mirror needs a name");
            else if (mirrors.Any(other => other.Name == mirror.Name))
                Faults.Error(itemPath, item.Mark, $"another mirror of this database is named {mirror.Name}");
            mirrors.Add(mirror);
        }

        return [.. mirrors];
    }

    private TRecord ReadRecord<TRecord>(KeyTable<TRecord> table, TRecord record, string path, ConfigNode keys)
    {
        // "shop:" alone is PgBouncer's "shop =": all defaults.
        if (keys.Kind != ConfigNodeKind.Map && !keys.IsEmptyScalar)
            Faults.Error(path, keys.Mark, $"expected a map such as {{ {table.All[0].Name}: ... }}, found {keys.Describe()}");
        foreach (var (key, value) in keys.Pairs)
            record = Read(table, record, path + ".", key, value, (current, setting, text) => setting.Apply(current, text));
        return record;
    }

    private TRecord Read<TRecord>(
        KeyTable<TRecord> table, TRecord record, string prefix, ConfigNode key, ConfigNode value, Func<TRecord, Setting<TRecord>, string, Parsed<TRecord>> apply)
    {
        var path = prefix + key.Text;
        if (!table.TryFind(key.Text, out var setting))
        {
            // A second unknown key of the same name is no news.
            if (Faults.Place(path, key.Mark, out _))
                Faults.Error(path, key.Mark, table.DescribeUnknown(key.Text));
            return record;
        }

        if (!Enter(prefix + setting.Name, key, value.Mark))
            return record;
        if (TextOf(value, setting.TakesList) is not { } text)
        {
            var expected = setting.TakesList ? "a value or a list of values" : "a single value";
            Faults.Error(path, value.Mark, $"expected {expected}, found {value.Describe()}");
            return record;
        }

        var parsed = apply(record, setting, text);
        if (!parsed.Ok)
            Faults.Error(path, value.Mark, parsed.Error!);
        return parsed.Ok ? parsed.Value : record;
    }

    private static string? TextOf(ConfigNode value, bool takesList) => value.Kind switch
    {
        ConfigNodeKind.Scalar => value.Text,
        ConfigNodeKind.List when takesList && value.Items.All(item => item.Kind == ConfigNodeKind.Scalar) =>
            string.Join(',', value.Items.Select(item => item.Text)),
        _ => null,
    };
}
