using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Mirroring;

/// <summary>A pooler whose database has mirrors: databases of the same server, or of another.</summary>
public abstract class MirrorTest(PostgresServer postgres) : PoolerTest(postgres)
{
    protected const string Name = "next";

    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(2);

    protected static readonly string[] DropReasons =
        ["too_long", "queue_full", "client_gone", "mirror_down", "no_server", "ring_full", "unsupported", "reconfigured"];

    protected static readonly string[] Outcomes = ["both_ok", "same_error", "mirror_failed", "primary_failed", "codes_differ"];

    private readonly List<string> _databases = [];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var database in _databases)
            await Postgres.DropDatabaseAsync(database);
        GC.SuppressFinalize(this);
    }

    /// <summary>A database to mirror to, on the server of the primary.</summary>
    protected async Task<string> CreateMirrorAsync()
    {
        var database = await Postgres.CreateDatabaseAsync();
        _databases.Add(database);
        return database;
    }

    /// <summary>An entry of <c>mirrors</c>.</summary>
    protected (string Key, object Value)[] Mirror(string database, params (string Key, object Value)[] settings) =>
        Mirror(database, Postgres.Port, settings);

    protected static (string Key, object Value)[] Mirror(string database, int port, params (string Key, object Value)[] settings)
    {
        List<(string Key, object Value)> entry = [("name", Name), ("host", PostgresServer.Host), ("port", port), ("dbname", database)];
        entry.RemoveAll(one => settings.Any(other => other.Key == one.Key));
        return [.. entry, .. settings];
    }

    protected static TiggerConfigBuilder SetMirrors(TiggerConfigBuilder config, params (string Key, object Value)[][] mirrors) =>
        config.Database(Database, ("mirrors", mirrors));

    protected Task<TiggerProcess> StartMirroredAsync(DataPath path, params (string Key, object Value)[][] mirrors) =>
        StartAsync(path, config => SetMirrors(config, mirrors));

    protected async Task OnBothAsync(string mirror, string sql)
    {
        await Postgres.ExecuteAsync(sql, ServerDatabase);
        await Postgres.ExecuteAsync(sql, mirror);
    }

    /// <summary>The same rows, in whatever order they are stored.</summary>
    protected async Task AssertSameAsync(string mirror, string columns, string table)
    {
        var hash = $"SELECT md5(coalesce(string_agg(r::text, ';' ORDER BY r::text), '')) || count(*) FROM (SELECT {columns} FROM {table}) r";
        Assert.Equal(await Postgres.ScalarAsync<string>(hash, ServerDatabase), await Postgres.ScalarAsync<string>(hash, mirror));
    }

    /// <summary>The row of SHOW MIRRORS, whose numbers must balance.</summary>
    protected static async Task<IReadOnlyDictionary<string, string?>> CountsAsync(AdminConsole console, string name = Name)
    {
        var row = (await console.ShowAsync("MIRRORS")).Single(one => one["mirror"] == name);
        Assert.Equal(Number(row, "dropped"), DropReasons.Sum(reason => Number(row, reason)));
        Assert.Equal(Number(row, "mirrored"), Outcomes.Sum(outcome => Number(row, outcome)));
        return row;
    }

    /// <summary>Waits until nothing is queued, and returns the row then.</summary>
    protected static async Task<IReadOnlyDictionary<string, string?>> SettledAsync(AdminConsole console, string name = Name)
    {
        IReadOnlyDictionary<string, string?> row = await CountsAsync(console, name);
        await Eventually.TrueAsync(
            async () =>
            {
                row = await CountsAsync(console, name);
                return Number(row, "queued") == 0 && Number(row, "queued_bytes") == 0
                    && Number(row, "sent") == Number(row, "mirrored") + Number(row, "skipped") + Number(row, "dropped");
            },
            () => $"the mirror has everything: {string.Join(", ", row)}",
            SettleLimit);
        return row;
    }

    protected static long Number(IReadOnlyDictionary<string, string?> row, string column) => long.Parse(row[column]!, CultureInfo.InvariantCulture);
}
