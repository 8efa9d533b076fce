using System.Security.Cryptography;
using System.Text;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>
/// One client of the flip test. Its rows are hashes of its number, what it asks and the row's number, over and over, so that each
/// byte is known on both sides.
/// </summary>
internal sealed class FlipWorker(int number, int flips)
{
    private const int RowLength = 4096, HashLength = 32, RowsInMebibyte = 1024 * 1024 / RowLength;

    private readonly Random _random = new(number);
    private readonly HashSet<string> _prepared = [];
    private int _asked;

    internal int Flips { get; private set; }

    internal long Bytes { get; private set; }

    internal async Task RunAsync(TiggerProcess pooler)
    {
        await using var client = await pooler.ClientAsync();
        while (Flips < flips)
        {
            for (var i = _random.Next(1, 4); i > 0; i--)
                await FriendlyAsync(client);
            switch (_random.Next(5))
            {
                case 0:
                    await CopyInAsync(client);
                    break;
                case 1:
                    await CopyOutAsync(client);
                    break;
                case 2:
                    await LargeResultAsync(client);
                    break;
                default:
                    await PreparedAsync(client);
                    break;
            }

            Flips++;
        }
    }

    /// <summary>Mostly a few rows, now and then a megabyte or so, in the soak rarely hundreds of them.</summary>
    private int Rows() => _random.Next(2000) switch
    {
        0 when Soak.IsOn => _random.Next(1, 501) * RowsInMebibyte,
        < 40 => _random.Next(4 * RowsInMebibyte),
        _ => _random.Next(20),
    };

    /// <summary>No other question of the run has it.</summary>
    private string Next() => $"{number}/{_asked++}";

    private static string Selected(string id) => $"repeat(md5('{id}/' || n), {RowLength / HashLength})";

    private static byte[] Row(string id, int row)
    {
        var hash = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes($"{id}/{row}"))));
        var bytes = new byte[RowLength];
        for (var at = 0; at < RowLength; at += HashLength)
            hash.CopyTo(bytes, at);
        return bytes;
    }

    private async Task FriendlyAsync(RawClient client)
    {
        var id = Next();
        var reply = _random.Next(2) == 0 ? await client.QueryAsync($"SELECT '{id}'") : await client.ExtendedAsync("SELECT $1::text", id);
        Assert.Equal(id, Assert.Single(reply.Succeeded().Rows)[0]);
    }

    private async Task PreparedAsync(RawClient client)
    {
        var (id, name) = (Next(), $"statement {_random.Next(3)}");
        byte[] parse = _prepared.Add(name) ? Frontend.Parse($"SELECT $1::text, '{name}'", name) : [];
        await client.SendAsync(Frontend.Concat(parse, Frontend.Bind(name, "", id), Frontend.Execute(), Frontend.Sync));
        var row = Assert.Single((await client.ReadReplyAsync()).Succeeded().Rows);
        Assert.Equal((id, name), (row[0], row[1]));
    }

    private async Task LargeResultAsync(RawClient client)
    {
        var (id, rows) = (Next(), Rows());
        await client.SendAsync(Frontend.Query($"SELECT {Selected(id)} FROM generate_series(1, {rows}) n"));
        const int RowHeader = 6;
        await CompareAsync(client, id, rows, 'D', payload => payload.AsMemory(RowHeader));
    }

    private async Task CopyOutAsync(RawClient client)
    {
        var (id, rows) = (Next(), Rows());
        await client.SendAsync(Frontend.Query($"COPY (SELECT {Selected(id)} FROM generate_series(1, {rows}) n) TO STDOUT"));
        await CompareAsync(client, id, rows, 'd', payload => payload.AsMemory(0, payload.Length - 1));
    }

    /// <summary>PostgreSQL compares what came, and counts.</summary>
    private async Task CopyInAsync(RawClient client)
    {
        var (id, rows) = (Next(), Rows());
        Assert.Equal('T', (await client.QueryAsync("BEGIN; CREATE TEMP TABLE flips (n int, v text) ON COMMIT DROP")).Succeeded().Status);
        await client.SendAsync(Frontend.Query("COPY flips FROM STDIN"));
        for (var row = 1; row <= rows; row++)
            await client.SendAsync(Frontend.CopyData([.. Encoding.ASCII.GetBytes($"{row}\t"), .. Row(id, row), (byte)'\n']));
        await client.SendAsync(Frontend.CopyDone);
        (await client.ReadReplyAsync()).Succeeded();
        var counted = await client.QueryAsync($"SELECT count(*), count(*) FILTER (WHERE v <> {Selected(id)}), count(DISTINCT n) FROM flips", TimeSpan.FromMinutes(5));
        var counts = Assert.Single(counted.Succeeded().Rows);
        Assert.Equal(($"{rows}", "0", $"{rows}"), (counts[0], counts[1], counts[2]));
        Assert.Equal('I', (await client.QueryAsync("COMMIT")).Succeeded().Status);
        Bytes += (long)rows * RowLength;
    }

    private async Task CompareAsync(RawClient client, string id, int rows, char type, Func<byte[], ReadOnlyMemory<byte>> content)
    {
        var seen = 0;
        for (var message = await client.ReadAsync(); message.Type != 'Z'; message = await client.ReadAsync())
        {
            Assert.NotEqual('E', message.Type);
            if (message.Type == type)
                Assert.True(content(message.Payload).Span.SequenceEqual(Row(id, ++seen)), $"row {seen} of {id} changed on its way");
        }

        Assert.Equal(rows, seen);
        Bytes += (long)rows * RowLength;
    }
}
