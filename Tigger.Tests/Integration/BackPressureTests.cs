using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Clients that ask for much and read nothing cost the machine next to nothing, and get it all when they read.</summary>
[Collection(AloneDefinition.Name)]
public sealed class BackPressureTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const int Clients = 20, RowLength = 8192;

    /// <summary>What the pooler may hold, and what may be in its hands: of PgBouncer TCP decides, which is generous.</summary>
    private static readonly long AllowedBytes = (PoolerProgram.IsReference ? 320 : 64) << 20;

    /// <summary>Others use the machine, too, and may take as much while it is looked at; what queues hold is there every time.</summary>
    private const int Attempts = 3;

    private static readonly TimeSpan TimeToCalm = TimeSpan.FromSeconds(10);

    /// <summary>TIGGER_UNREAD_MEGABYTES, for each client, makes a local run shorter or longer.</summary>
    private static readonly int Rows = Soak.Choose("TIGGER_UNREAD_MEGABYTES", usual: 64, soak: 1024) * (1024 * 1024 / RowLength);

    [Theory(Timeout = Soak.Limit)]
    [EachDataPath]
    [Trait(Soak.Trait, Soak.Yes)]
    public async Task Memory_TwentyClientsThatReadNothing_IsNotTaken(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", Clients));
        var clients = new List<RawClient>();
        for (var i = 0; i < Clients; i++)
        {
            // In a transaction each, so that twenty backends are there; and each has done such a query, or its first one would
            // show as memory taken.
            clients.Add(Own(await pooler.ClientAsync()));
            await clients[i].QueryAsync("BEGIN");
            await clients[i].SendAsync(Query(i, 100));
            await ReadAsync(clients[i], i, 100);
        }

        foreach (var client in clients)
            await client.QueryAsync("COMMIT");

        var taken = long.MaxValue;
        for (var attempt = 0; attempt < Attempts && taken >= AllowedBytes; attempt++)
        {
            var before = await HostMemory.LeastAvailableAsync();
            for (var i = 0; i < Clients; i++)
                await clients[i].SendAsync(Query(i, Rows));
            taken = await TakenAsync(pooler, path, before);
            await Task.WhenAll(clients.Select((client, number) => Task.Run(() => ReadAsync(client, number, Rows))));
            await Task.WhenAll(clients.Select(async client => Assert.Equal("1", await client.ScalarAsync("SELECT 1"))));
        }

        Assert.True(taken < AllowedBytes, $"{taken >> 20} MiB taken again and again");
    }

    /// <summary>Bytes that are gone while nobody reads: of the host's memory, the least of a while; or, if more, in the pooler's own queues.</summary>
    private async Task<long> TakenAsync(TiggerProcess pooler, DataPath path, long before)
    {
        await Eventually.EqualAsync(
            Clients, () => Postgres.CountBackendsAsync(ServerDatabase, "wait_event = 'ClientWrite'"), "backends held up by their clients");
        var watch = Stopwatch.StartNew();
        var least = long.MaxValue;
        SocketMemory held;
        do
        {
            // What the clients have received, and what PostgreSQL has sent, is in their own hands, and on their own hosts.
            held = await SocketMemory.ReadAsync(pooler, Postgres.Port);
            least = Math.Min(least, before - HostMemory.AvailableBytes() - held.Servers - (path == DataPath.Kernel ? 0 : held.Clients));
        }
        while (Math.Max(least, held.Pooler) >= AllowedBytes && watch.Elapsed < TimeToCalm);

        Assert.True(held.Servers > 0, "PostgreSQL is held up and has nothing to send?");
        TestContext.Current.TestOutputHelper?.WriteLine($"{least >> 20} MiB taken, {held}");
        return Math.Max(least, held.Pooler);
    }

    private static byte[] Query(int client, int rows) =>
        Frontend.Query($"SELECT repeat(md5({client} || '/' || n), {RowLength / 32}) FROM generate_series(1, {rows}) n");

    /// <summary>Every byte is compared: each row is the hash of its client and number, over and over.</summary>
    private static async Task ReadAsync(RawClient client, int number, int rows)
    {
        const int RowHeader = 6;
        var seen = 0;
        for (var message = await client.ReadAsync(); message.Type != 'Z'; message = await client.ReadAsync())
        {
            Assert.NotEqual('E', message.Type);
            if (message.Type != 'D')
                continue;
            var value = message.Payload.AsSpan(RowHeader);
            var hash = Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes($"{number}/{++seen}")));
            var right = value.Length == RowLength && value[..32].SequenceEqual(Encoding.ASCII.GetBytes(hash)) && value[32..].SequenceEqual(value[..^32]);
            Assert.True(right, $"row {seen} of client {number} changed on its way");
        }

        Assert.Equal(rows, seen);
    }
}
