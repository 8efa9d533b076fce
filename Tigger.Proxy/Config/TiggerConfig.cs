using System.Collections.ObjectModel;

namespace Tigger.Config;

/// <summary>
/// The whole configuration, immutable: a reload or SET makes a new one and swaps one reference. A property's name is its
/// key's in PascalCase (<c>listen_addr</c> is <see cref="ListenAddr"/>), its initial value is PgBouncer's default.
/// </summary>
public sealed partial record TiggerConfig
{
    /// <summary><c>databases</c> by the name clients ask for, without the fallback.</summary>
    public IReadOnlyDictionary<string, DatabaseConfig> Databases { get; init; } = ReadOnlyDictionary<string, DatabaseConfig>.Empty;

    internal const string DefaultUnixSocketDir = "/tmp";

    /// <summary>The entry <c>*</c>, which serves every name not in <see cref="Databases"/>; null = such names are refused.</summary>
    public DatabaseConfig? FallbackDatabase { get; init; }

    /// <summary><c>users</c> by name: the users with settings or secrets of their own, not all who may log in.</summary>
    public IReadOnlyDictionary<string, UserConfig> Users { get; init; } = ReadOnlyDictionary<string, UserConfig>.Empty;

    /// <summary><c>peers</c> by peer id.</summary>
    public IReadOnlyDictionary<int, PeerConfig> Peers { get; init; } = ReadOnlyDictionary<int, PeerConfig>.Empty;

    /// <summary>
    /// What relative paths count from: the directory of the file when that is YAML; the working directory, as PgBouncer has
    /// it, when that is pgbouncer.ini.
    /// </summary>
    public string BaseDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>The query that checks a server: null = do not check, empty = the empty query.</summary>
    public string? ServerCheckSql => ServerCheckQuery switch
    {
        "" => null,
        "<empty>" => "",
        var query => query,
    };

    /// <summary>The database a client asked for: its own entry, or one made from the fallback, or null.</summary>
    public DatabaseConfig? FindDatabase(string name) =>
        Databases.TryGetValue(name, out var database) ? database : FallbackDatabase is { } fallback ? fallback with { Name = name } : null;

    /// <summary>Only what differs from the defaults, and no secrets: this text ends up in logs.</summary>
    public override string ToString() =>
        RecordText.Write($"{Databases.Count} databases, {Users.Count} users", this, SettingsTable.Table);
}
