using System.Globalization;

namespace Tigger.Tests.Fixtures;

/// <summary>The console as PgBouncer's clients know it: simple queries, text results.</summary>
public sealed class AdminConsole(RawClient client) : IAsyncDisposable
{
    public const string Database = "pgbouncer";

    public RawClient Client { get; } = client;

    public Task<QueryReply> RunAsync(string command, TimeSpan? timeout = null) => Client.QueryAsync(command, timeout);

    /// <summary>A command that must succeed; returns its tag.</summary>
    public async Task<string> DoAsync(string command) => (await RunAsync(command)).Succeeded().Tags.Single();

    /// <summary>Rows of a SHOW command by column name.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, string?>>> ShowAsync(string what)
    {
        var reply = (await RunAsync("SHOW " + what)).Succeeded();
        var columns = reply.Messages.Single(message => message.Type == 'T').Columns();
        return reply.Rows
            .Select(row => (IReadOnlyDictionary<string, string?>)columns.Zip(row).ToDictionary(pair => pair.First.Name, pair => pair.Second))
            .ToList();
    }

    /// <summary>The row of SHOW POOLS of one pool, or null while there is none.</summary>
    public async Task<IReadOnlyDictionary<string, string?>?> PoolAsync(string database = PoolerTest.Database, string user = Roles.Superuser) =>
        (await ShowAsync("POOLS")).SingleOrDefault(row => row["database"] == database && row["user"] == user);

    /// <summary>A number of SHOW POOLS; 0 while there is no such pool.</summary>
    public async Task<int> PoolNumberAsync(string column, string user = Roles.Superuser, string database = PoolerTest.Database)
    {
        var pool = await PoolAsync(database, user);
        return pool is null ? 0 : int.Parse(pool[column]!, CultureInfo.InvariantCulture);
    }

    public async Task<string?> ConfigAsync(string key) => (await ShowAsync("CONFIG")).Single(row => row["key"] == key)["value"];

    /// <summary>SHOW COUNTERS by name.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountersAsync() =>
        (await ShowAsync("COUNTERS")).ToDictionary(row => row["name"]!, row => long.Parse(row["value"]!, CultureInfo.InvariantCulture));

    /// <summary>The row of SHOW STATS_TOTALS of a database, without its name.</summary>
    public async Task<IReadOnlyDictionary<string, long>> TotalsAsync(string database = PoolerTest.Database)
    {
        var row = (await ShowAsync("STATS_TOTALS")).Single(one => one["database"] == database);
        return row.Where(pair => pair.Key != "database").ToDictionary(pair => pair.Key, pair => long.Parse(pair.Value!, CultureInfo.InvariantCulture));
    }

    /// <summary>Rows of SHOW KERNEL, one per pool.</summary>
    public async Task<IReadOnlyList<KernelPool>> KernelAsync() => (await ShowAsync("KERNEL")).Select(KernelPool.Of).ToList();

    /// <summary>The row of SHOW KERNEL of one pool.</summary>
    public async Task<KernelPool> KernelAsync(string database, string user = Roles.Superuser) =>
        (await KernelAsync()).Single(pool => pool.Database == database && pool.User == user);

    public async Task WaitForPoolAsync(string column, int expected, string user = Roles.Superuser, string database = PoolerTest.Database) =>
        await Eventually.EqualAsync(expected, () => PoolNumberAsync(column, user, database), $"SHOW POOLS {column} of {user}@{database}");

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
