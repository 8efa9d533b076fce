using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Clients that do not wait for the answer before they ask again.</summary>
public sealed class PipeliningTests(PostgresServer postgres) : PoolerTest(postgres)
{
    /// <summary>
    /// Clients that always have a few requests under way, over fewer servers: requests come while the one before waits, is being
    /// granted a server, is being answered.
    /// </summary>
    [Theory]
    [EachDataPath]
    public async Task Streams_over_few_servers_are_answered_in_order(DataPath path)
    {
        const int Clients = 8, Requests = 4_000, UnderWay = 3;
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 5));
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(number => Task.Run(async () =>
        {
            await using var client = await pooler.ClientAsync();
            using var room = new SemaphoreSlim(UnderWay);
            var sending = Task.Run(async () =>
            {
                for (var i = 0; i < Requests; i++)
                {
                    await room.WaitAsync();
                    await client.SendAsync(Frontend.Concat([Frontend.Run($"SELECT {(number * Requests) + i}"), Frontend.Sync]));
                }
            });
            for (var i = 0; i < Requests; i++)
            {
                Assert.Equal($"{(number * Requests) + i}", (await client.ReadReplyAsync()).Succeeded().Scalar);
                room.Release();
            }

            await sending;
        })));
    }

    [Theory]
    [EachDataPath]
    public async Task Several_syncs_in_one_write_answer_as_direct(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var client = await pooler.ClientAsync();
        await AssertLikeDirectAsync(
            client, 4,
            Frontend.Run("SELECT 1"), Frontend.Sync,
            Frontend.Run("SELECT 2"), Frontend.Run("SELECT 3"), Frontend.Sync,
            Frontend.Sync,
            Frontend.Run("SELECT 4"), Frontend.Sync);
    }

    [Theory]
    [EachDataPath]
    public async Task Error_in_the_middle_skips_only_to_its_own_sync(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await AssertLikeDirectAsync(
            client, 3,
            Frontend.Run("SELECT 'before'"), Frontend.Sync,
            Frontend.Run("SELECT 'kept'"), Frontend.Run("SELECT 1/0"), Frontend.Run("SELECT 'skipped'"), Frontend.Flush, Frontend.Sync,
            Frontend.Run("SELECT 'after'"), Frontend.Sync);
    }

    [Theory]
    [EachDataPath]
    public async Task Mixed_simple_and_extended_answer_as_direct(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await AssertLikeDirectAsync(
            client, 6,
            Frontend.Query("SELECT 'q1'"), Frontend.Run("SELECT 'e1'"), Frontend.Sync, Frontend.Query("BEGIN"),
            Frontend.Run("SELECT 'in transaction'"), Frontend.Query("SELECT 'no sync before me'"), Frontend.Query("SELECT 1/0"),
            Frontend.Query("COMMIT"));
    }

    [Theory]
    [EachDataPath]
    public async Task Transactions_in_one_write_stay_whole(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 2));
        await using var client = await pooler.ClientAsync();
        await using var other = await pooler.ClientAsync();
        const int Transactions = 50;
        var bytes = Frontend.Concat(Enumerable.Range(0, Transactions).SelectMany(_ => new[]
        {
            Frontend.Query("BEGIN"), Frontend.Query("SELECT pg_backend_pid()"), Frontend.Query("SELECT pg_backend_pid()"), Frontend.Query("COMMIT"),
        }));
        await client.SendAsync(bytes);
        await other.SendAsync(bytes);
        foreach (var one in new[] { client, other })
        {
            for (var i = 0; i < Transactions; i++)
            {
                var replies = await one.ReadRepliesAsync(4);
                Assert.Equal("TTTI", string.Concat(replies.Select(reply => reply.Status)));
                Assert.Equal(replies[1].Scalar, replies[2].Scalar);
            }
        }
    }

    [Theory]
    [EachDataPath]
    public async Task Flush_brings_the_answer_and_keeps_the_server(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var client = await pooler.ClientAsync();
        await using var other = await pooler.ClientAsync();
        await client.SendAsync(Frontend.Concat(Frontend.Run("SELECT 'flushed'"), Frontend.Flush));
        var types = new[] { await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync() };
        Assert.Equal("12DC", string.Concat(types.Select(message => message.Type)));

        await other.SendAsync(Frontend.Query("SELECT 'other'"));
        Assert.True(await other.IsSilentForAsync(TimeSpan.FromMilliseconds(150)), "server given away before Sync");
        await client.SendAsync(Frontend.Sync);
        Assert.Equal('I', (await client.ReadReplyAsync()).Status);
        Assert.Equal("other", (await other.ReadReplyAsync()).Scalar);
    }

    [Theory]
    [EachDataPath(false)]
    [EachDataPath(true)]
    public async Task Thousand_queries_in_one_write_are_answered_in_order(DataPath path, bool extended)
    {
        const int Count = 1000;
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 2));
        var clients = new[] { Own(await pooler.ClientAsync()), Own(await pooler.ClientAsync()), Own(await pooler.ClientAsync()) };
        await Task.WhenAll(clients.Select((client, number) => PipelineAsync(client, number * Count)));

        async Task PipelineAsync(RawClient client, int first)
        {
            var numbers = Enumerable.Range(first, Count).Select(number => number.ToString(CultureInfo.InvariantCulture)).ToList();
            await client.SendAsync(Frontend.Concat(numbers.Select(number => extended
                ? Frontend.Concat(Frontend.Run("SELECT $1::text", number), Frontend.Sync)
                : Frontend.Query($"SELECT {number}"))));
            Assert.Equal(numbers, (await client.ReadRepliesAsync(Count)).Select(reply => reply.Scalar));
        }
    }

    /// <summary>All buffers on the way fill up in both directions; nobody may then wait for somebody who waits for him.</summary>
    [Theory]
    [EachDataPath]
    public async Task Queries_sent_one_by_one_without_reading_are_answered_once_it_is_read(DataPath path)
    {
        const int Count = 60_000;
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var client = await pooler.ClientAsync();
        var sending = Task.Run(async () =>
        {
            for (var number = 0; number < Count; number++)
                await client.SendAsync(Frontend.Query($"SELECT {number}, repeat('x', 100)"));
        });
        await Task.WhenAny(sending, Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken));
        for (var number = 0; number < Count; number++)
            Assert.Equal(number.ToString(CultureInfo.InvariantCulture), (await client.ReadReplyAsync()).Succeeded().Scalar);
        await sending;
        await using var other = await pooler.ClientAsync();
        Assert.Equal("other", await other.ScalarAsync("SELECT 'other'"));
    }

    /// <summary>PostgreSQL sends each answer by itself; a server that does not must not leave the client waiting for a sign of it.</summary>
    [Theory]
    [EachDataPath]
    public async Task Two_answers_in_one_send_leave_the_client_able_to_go_on(DataPath path)
    {
        const int Before = 20;
        var (_, pooler) = await StartFakeAsync(path, async server =>
        {
            await server.LoginAsync();
            for (var i = 0; i < Before; i++)
            {
                await server.ReadQueryAsync("SELECT 'a'");
                await server.SendAsync(Backend.Result("a"));
            }

            await server.ReadQueryAsync("BEGIN");
            await server.ReadQueryAsync("SELECT 'b'");
            await server.SendAsync(Frontend.Concat(Backend.Complete("BEGIN"), Backend.Ready('T'), Backend.Result("b", 'T')));
            await server.ReadQueryAsync("SELECT 'c'");
            await server.SendAsync(Backend.Result("c", 'T'));
            await server.ReadQueryAsync("COMMIT");
            await server.SendAsync(Frontend.Concat(Backend.Complete("COMMIT"), Backend.Ready()));
            await server.HangAsync();
        });
        await using var client = await pooler.ClientAsync();
        for (var i = 0; i < Before; i++)
            Assert.Equal("a", await client.ScalarAsync("SELECT 'a'"));
        await client.SendAsync(Frontend.Concat(Frontend.Query("BEGIN"), Frontend.Query("SELECT 'b'")));
        Assert.Equal("b", (await client.ReadRepliesAsync(2))[1].Scalar);
        Assert.Equal("c", await client.ScalarAsync("SELECT 'c'"));
        Assert.Equal('I', (await client.QueryAsync("COMMIT")).Status);
    }
}
