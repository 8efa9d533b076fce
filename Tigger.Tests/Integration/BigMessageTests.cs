using System.Text;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Messages far larger than any buffer, and readers far slower than the server.</summary>
public sealed class BigMessageTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const int MiB = 1024 * 1024;

    [Theory]
    [EachDataPath]
    public async Task Message_of_64_MiB_passes_both_ways(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        var value = string.Create(64 * MiB, 0, (span, _) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = (char)('a' + (i * 31L % 26));
        });
        var reply = (await client.ExtendedAsync("SELECT $1::text", value)).Succeeded();
        // Not Assert.Equal: its message would quote 64 MiB.
        Assert.True(value == reply.Scalar, "value changed on its way");
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachDataPath]
    public async Task Clients_that_do_not_read_stop_their_servers_and_cost_no_memory(DataPath path)
    {
        const int Clients = 8, Rows = 200, RowLength = 1_000_000;
        var pooler = await StartAsync(path);
        var clients = new List<RawClient>();
        for (var i = 0; i < Clients; i++)
        {
            clients.Add(Own(await pooler.ClientAsync()));
            Assert.Equal("1", await clients[i].ScalarAsync("SELECT 1"));
        }

        var before = pooler.ResidentBytes();
        foreach (var client in clients)
            await client.SendAsync(Frontend.Query($"SELECT repeat('x', {RowLength}) FROM generate_series(1, {Rows})"));
        await Eventually.EqualAsync(
            Clients, () => Postgres.CountBackendsAsync(ServerDatabase, "wait_event = 'ClientWrite'"), "backends held up by the slow readers");
        Assert.InRange(pooler.ResidentBytes() - before, long.MinValue, 64 * MiB);

        await Task.WhenAll(clients.Select(client => ReadRowsAsync(client, Rows, RowLength)));
        Assert.InRange(pooler.ResidentBytes() - before, long.MinValue, 64 * MiB);
    }

    [Theory]
    [EachDataPath]
    public async Task Server_that_does_not_read_stops_its_client_and_costs_no_memory(DataPath path)
    {
        const int Length = 300 * MiB;
        var (_, pooler) = await StartFakeAsync(path, async server =>
        {
            await server.LoginAsync();
            await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
        });
        await using var client = await pooler.ClientAsync();
        var before = pooler.ResidentBytes();
        var header = Frontend.CopyData([]);
        header[0] = (byte)'Q';
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), Length);
        await client.SendAsync(header);

        var chunk = Encoding.UTF8.GetBytes(new string('x', MiB));
        long accepted = 0;
        var stuckSince = DateTime.UtcNow;
        while (accepted < Length - MiB && DateTime.UtcNow - stuckSince < TimeSpan.FromMilliseconds(500))
        {
            var sent = client.SendSome(chunk);
            accepted += sent;
            if (sent > 0)
                stuckSince = DateTime.UtcNow;
            else
                await Task.Delay(1);
        }

        Assert.True(accepted < Length - MiB, "everything was accepted though nobody reads");
        Assert.InRange(pooler.ResidentBytes() - before, long.MinValue, 64 * MiB);
    }

    private static async Task ReadRowsAsync(RawClient client, int rows, int rowLength)
    {
        const int RowHeader = 6;
        var seen = 0;
        for (var message = await client.ReadAsync(); message.Type != 'Z'; message = await client.ReadAsync())
        {
            Assert.NotEqual('E', message.Type);
            if (message.Type != 'D')
                continue;
            Assert.Equal(RowHeader + rowLength, message.Payload.Length);
            Assert.True(message.Payload.AsSpan(RowHeader).IndexOfAnyExcept((byte)'x') < 0, "row changed on its way");
            seen++;
        }

        Assert.Equal(rows, seen);
    }
}
