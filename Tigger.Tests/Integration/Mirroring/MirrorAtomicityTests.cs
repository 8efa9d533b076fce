using System.Collections.Concurrent;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Mirroring;

/// <summary>A client is killed at every byte of a transaction: the mirror sees all of it or nothing.</summary>
public sealed class MirrorAtomicityTests(PostgresServer postgres) : MirrorTest(postgres)
{
    private const int LargeLength = 1024 * 1024, ShortLength = 200, Warming = 3;
    private const string Warm = "SELECT 1";
    private const string Filler = "INSERT INTO t VALUES (1, '";

    private static readonly byte[] Begin = Frontend.Query("BEGIN");
    private static readonly byte[] Large = Frontend.Query($"{Filler}{new string('x', LargeLength)}')");
    private static readonly byte[] Commit = Frontend.Query("COMMIT");

    private static readonly byte[] Short = Frontend.Query($"{Filler}{new string('x', ShortLength)}')");

    /// <summary>Sent at once, a message over 4 KiB among them: the rest of the transaction is user space's.</summary>
    [Theory]
    [EachLocalDataPath]
    [Trait(Soak.Trait, Soak.Yes)]
    public async Task No_part_of_a_transaction_is_seen(DataPath path)
    {
        byte[] all = [.. Begin, .. Large, .. Commit];
        await KillAsync(path, [.. Offsets(all.Length)], LargeLength, async (client, offset) =>
        {
            await client.SendAsync(all.AsMemory(0, offset));
            if (offset == all.Length)
                await client.ReadRepliesAsync(3);
        });
    }

    /// <summary>Message by message, each answered: on the kernel path the client, and what it has sent whole, is in the kernel.</summary>
    [Theory]
    [EachLocalDataPath]
    [Trait(Soak.Trait, Soak.Yes)]
    public async Task No_part_of_a_transaction_with_pauses_is_seen(DataPath path)
    {
        byte[][] messages = [Begin, Short, Commit];
        var all = messages.Sum(message => message.Length);
        await KillAsync(path, [.. Enumerable.Range(0, all + 1).Where(offset => offset % Soak.Choose(3, 1) == 0 || offset == all)], ShortLength, async (client, offset) =>
        {
            for (var i = 0; i < Warming; i++)
                (await client.QueryAsync(Warm)).Succeeded();
            foreach (var message in messages)
            {
                await client.SendAsync(message.AsMemory(0, Math.Min(offset, message.Length)));
                if (offset >= message.Length)
                    await client.ReadReplyAsync();
                offset = Math.Max(0, offset - message.Length);
            }
        });
    }

    /// <summary>A client for each offset, which sends so many bytes, and is gone; the last one sends all.</summary>
    private async Task KillAsync(DataPath path, int[] offsets, int length, Func<RawClient, int, Task> send)
    {
        ConcurrentQueue<string> seen = new();
        await using var mirror = FakePostgres.Start(connection => WatchAsync(connection, length, seen));
        await Postgres.ExecuteAsync("CREATE TABLE t (a int, b text)", ServerDatabase);
        var pooler = await StartMirroredAsync(path, Mirror(ServerDatabase, mirror.Port));
        await using var console = await pooler.AdminAsync();
        await Parallel.ForEachAsync(offsets, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (offset, _) =>
        {
            await using var client = await pooler.ClientAsync();
            await send(client, offset);
            if (offset % 2 == 0)
            {
                client.Abort();
                return;
            }

            // Everything that was sent is read before the end is.
            client.HalfClose();
            await client.ReadToEndAsync();
        });

        await Eventually.EqualAsync(0, () => console.PoolNumberAsync("cl_active"), "clients left");
        var counts = await SettledAsync(console);
        Assert.Equal(Number(counts, "dropped"), Number(counts, "client_gone"));
        Assert.InRange(Number(counts, "client_gone"), 1, offsets.Length - 1);
        Assert.Equal(Number(counts, "mirrored"), seen.Count);

        // Only one client sent all, and had its answers.
        Assert.Single(seen, one => one == "BLC");
        Assert.DoesNotContain(seen, one => one is not ("BLC" or "W"));
    }

    /// <summary>Every byte about the boundaries between messages and within the small ones, and samples of the large one.</summary>
    private static IEnumerable<int> Offsets(int length)
    {
        const int About = 16;
        int[] boundaries = [0, Begin.Length, Begin.Length + Large.Length, length];
        var step = LargeLength / Soak.Choose("TIGGER_MIRROR_KILLS", usual: 20, soak: 2000);
        return Enumerable.Range(0, length + 1)
            .Where(offset => offset % step == 0 || boundaries.Any(boundary => Math.Abs(offset - boundary) <= About));
    }

    /// <summary>Answers what it is asked; notes, for each connection, the transactions it saw as one letter per message.</summary>
    private static async Task WatchAsync(FakeConnection connection, int length, ConcurrentQueue<string> seen)
    {
        await connection.LoginAsync();
        var transaction = "";
        while (true)
        {
            BackendMessage message;
            try
            {
                message = await connection.ReadMessageAsync();
            }
            catch (IOException)
            {
                if (transaction.Length > 0)
                    seen.Enqueue(transaction);
                return;
            }

            var text = message.Text();
            if (text.StartsWith("SET ", StringComparison.Ordinal))
            {
                await connection.SendAsync(Frontend.Concat(Backend.Complete("SET"), Backend.Ready()));
                continue;
            }

            transaction += text switch
            {
                "BEGIN" => "B",
                "COMMIT" => "C",
                _ when text.StartsWith(Filler, StringComparison.Ordinal) && text.Length == Filler.Length + length + 2 => "L",
                Warm => "W",
                _ => "?",
            };
            await connection.SendAsync(Frontend.Concat(Backend.Complete(text[..5]), Backend.Ready(text is "COMMIT" or Warm ? 'I' : 'T')));
            if (text is "COMMIT" or Warm)
            {
                seen.Enqueue(transaction);
                transaction = "";
            }
        }
    }
}
