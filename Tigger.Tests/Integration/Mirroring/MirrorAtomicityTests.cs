using System.Collections.Concurrent;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Mirroring;

/// <summary>A client is killed at every byte of a transaction: the mirror sees all of it or nothing.</summary>
public sealed class MirrorAtomicityTests(PostgresServer postgres) : MirrorTest(postgres)
{
    private const int LargeLength = 1024 * 1024;
    private const string Filler = "INSERT INTO t VALUES (1, '";

    private static readonly byte[] Begin = Frontend.Query("BEGIN");
    private static readonly byte[] Large = Frontend.Query($"{Filler}{new string('x', LargeLength)}')");
    private static readonly byte[] Commit = Frontend.Query("COMMIT");

    [Theory]
    [EachLocalDataPath]
    [Trait(Soak.Trait, Soak.Yes)]
    public async Task No_part_of_a_transaction_is_seen(DataPath path)
    {
        ConcurrentQueue<string> seen = new();
        await using var mirror = FakePostgres.Start(connection => WatchAsync(connection, seen));
        await Postgres.ExecuteAsync("CREATE TABLE t (a int, b text)", ServerDatabase);
        var pooler = await StartMirroredAsync(path, Mirror(ServerDatabase, mirror.Port));
        await using var console = await pooler.AdminAsync();
        byte[] all = [.. Begin, .. Large, .. Commit];
        var offsets = Offsets(all.Length).ToList();
        await Parallel.ForEachAsync(offsets, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (offset, _) =>
        {
            await using var client = await pooler.ClientAsync();
            await client.SendAsync(all.AsMemory(0, offset));
            if (offset == all.Length)
                await client.ReadRepliesAsync(3);
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
        var mirrored = Number(counts, "mirrored");

        // Only one client sent all, and had its answers.
        Assert.Equal(1, mirrored);
        Assert.Equal(Number(counts, "dropped"), Number(counts, "client_gone"));
        Assert.InRange(Number(counts, "client_gone"), 1, offsets.Count - 1);
        Assert.Equal(mirrored, seen.Count(one => one == "BLC"));
        Assert.DoesNotContain(seen, one => one != "BLC");
    }

    /// <summary>Every byte about the boundaries between messages and within the small ones, and samples of the large one.</summary>
    private static IEnumerable<int> Offsets(int length)
    {
        const int About = 16;
        int[] boundaries = [0, Begin.Length, Begin.Length + Large.Length, length];
        var step = LargeLength / Soak.Choose(20, 2000);
        return Enumerable.Range(0, length + 1)
            .Where(offset => offset % step == 0 || boundaries.Any(boundary => Math.Abs(offset - boundary) <= About));
    }

    /// <summary>Answers what it is asked; notes, for each connection, the transactions it saw as one letter per message.</summary>
    private static async Task WatchAsync(FakeConnection connection, ConcurrentQueue<string> seen)
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
                _ when text.StartsWith(Filler, StringComparison.Ordinal) && text.Length == Filler.Length + LargeLength + 2 => "L",
                _ => "?",
            };
            await connection.SendAsync(Frontend.Concat(Backend.Complete(text[..5]), Backend.Ready(text == "COMMIT" ? 'I' : 'T')));
            if (text == "COMMIT")
            {
                seen.Enqueue(transaction);
                transaction = "";
            }
        }
    }
}
