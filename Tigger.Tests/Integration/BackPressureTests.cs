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

    private static readonly int Rows = Soak.Choose(usual: 64, soak: 1024) * (1024 * 1024 / RowLength);

    [Theory]
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

        var before = await HostMemory.LeastAvailableAsync();
        for (var i = 0; i < Clients; i++)
            await clients[i].SendAsync(Query(i, Rows));
        await Eventually.EqualAsync(
            Clients, () => Postgres.CountBackendsAsync(ServerDatabase, "wait_event = 'ClientWrite'"), "backends held up by their clients");

        // Others use this machine too. What a queue holds stays taken while nobody reads; what others took comes back. What the
        // clients have received, and what PostgreSQL has sent, is in their own hands, and on their own hosts.
        long taken = 0;
        SocketMemory? held = null;
        await Eventually.TrueAsync(
            async () =>
            {
                held = await SocketMemory.ReadAsync(pooler, Postgres.Port);
                taken = before - HostMemory.AvailableBytes() - held.Servers - (path == DataPath.Kernel ? 0 : held.Clients);
                return Math.Max(taken, held.Pooler) < AllowedBytes;
            },
            () => $"little memory taken: {taken >> 20} MiB in all, {held}");
        Assert.True(held!.Servers > 0, "PostgreSQL is held up and has nothing to send?");
        TestContext.Current.TestOutputHelper?.WriteLine($"{taken >> 20} MiB taken, {held}");
        await Task.WhenAll(clients.Select((client, number) => Task.Run(() => ReadAsync(client, number, Rows))));
        await Task.WhenAll(clients.Select(async client => Assert.Equal("1", await client.ScalarAsync("SELECT 1"))));
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
