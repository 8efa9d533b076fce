using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Named prepared statements in the kernel: each name stands for its client's own statement, on every server that has it.</summary>
public sealed class KernelStatementTests(PostgresServer postgres) : KernelTest(postgres)
{
    private const int RequestsBeforeHandover = 50;

    [RequiresBpfTheory]
    [EachKernelPath(4, 8)]
    [EachKernelPath(16, 4)]
    public async Task Transactions_by_name_stay_in_the_kernel(DataPath path, int clients, int poolSize)
    {
        const int Each = 1000;
        var pooler = await StartKernelAsync(poolSize, path: path);
        await InitialisePgbenchAsync();
        await using var console = await pooler.AdminAsync();
        await RunPgbenchAsync(pooler, clients, 20, "prepared");
        var before = await KernelCounters.ReadAsync(console);
        await RunPgbenchAsync(pooler, clients, Each, "prepared");
        var grown = await KernelCounters.SinceAsync(console, before);
        Assert.True(grown["bind"] >= (Each - RequestsBeforeHandover) * clients, $"{grown}");
        Assert.True(grown.Escapes <= 2 * (clients + poolSize), $"more than a Parse of each client, and one for a server: {grown}");
        await AssertBalanceAsync(pooler, console, poolSize);
    }

    [RequiresBpfTheory]
    [EachKernelPath]
    public async Task Names_of_any_length_are_each_clients_own(DataPath path)
    {
        const int Rounds = 10;
        int[] lengths = [1, 2, 3, 4, 8, 31, 62, 63, 64, 100];
        string[] names = [.. lengths.Select(length => new string('n', length)), .. lengths.Select(length => new string('n', length - 1) + 'm')];
        var pooler = await StartKernelAsync(2, path: path);
        await using var console = await pooler.AdminAsync();
        var before = await KernelCounters.ReadAsync(console);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async number =>
        {
            await using var client = await pooler.ClientAsync();
            foreach (var name in names)
                await PrepareAsync(client, name, $"SELECT '{number} {name}'");
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var name in names)
                    Assert.Equal($"{number} {name}", (await ExecuteAsync(client, name)).Scalar);
            }
        }));

        var grown = await KernelCounters.SinceAsync(console, before);
        Assert.True(grown["bind"] > 4 * Rounds, $"{grown}");
        await AssertBalanceAsync(pooler, console, 2);
    }

    /// <summary>Their requests wait in blocks, with the servers' names in them.</summary>
    [RequiresBpfTheory]
    [EachKernelPath]
    public async Task Clients_that_wait_get_their_own_statement(DataPath path)
    {
        const int Clients = 20, Rounds = 5;
        var pooler = await StartKernelAsync(1, path: path);
        await using var console = await pooler.AdminAsync();
        await using var holder = await pooler.ClientAsync();
        var clients = new List<RawClient>();
        for (var i = 0; i < Clients; i++)
        {
            clients.Add(Own(await pooler.ClientAsync()));
            await PrepareAsync(clients[i], "s", $"SELECT 'statement of {i}'");
        }

        await EnterKernelAsync(console, clients);
        var before = await KernelCounters.ReadAsync(console);
        for (var round = 0; round < Rounds; round++)
        {
            await holder.QueryAsync("BEGIN");
            foreach (var client in clients)
                await client.SendAsync(Execution("s"));
            await console.WaitForPoolAsync("cl_waiting", Clients);
            await holder.QueryAsync("COMMIT");
            for (var i = 0; i < Clients; i++)
                Assert.Equal($"statement of {i}", (await clients[i].ReadReplyAsync()).Scalar);
        }

        var grown = await KernelCounters.SinceAsync(console, before);
        Assert.True(grown["wait"] >= Clients * (Rounds - 1), $"{grown}");
        Assert.True(grown["bind"] >= Clients * (Rounds - 1), $"{grown}");
        await AssertBalanceAsync(pooler, console, 1);
    }

    /// <summary>More different ones than a program compares, in one request and one after the other.</summary>
    [RequiresBpfTheory]
    [EachKernelPath]
    public async Task Request_of_many_statements_is_answered_in_order(DataPath path)
    {
        const int Statements = 20;
        var pooler = await StartKernelAsync(2, path: path);
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        for (var i = 0; i < Statements; i++)
            await PrepareAsync(client, $"s{i}", $"SELECT {i}");
        var before = await KernelCounters.ReadAsync(console);
        for (var count = 1; count <= Statements; count++)
        {
            await client.SendAsync(Frontend.Concat(
                Enumerable.Range(0, count).Select(i => Frontend.Concat(Frontend.Bind($"s{i}"), Frontend.Execute())).Append(Frontend.Sync)));
            Assert.Equal(Enumerable.Range(0, count).Select(i => $"{i}"), (await client.ReadReplyAsync()).Succeeded().Rows.Select(row => row[0]));
        }

        (await client.QueryAsync("BEGIN")).Succeeded();
        for (var i = 0; i < Statements; i++)
            Assert.Equal($"{i}", (await ExecuteAsync(client, $"s{i}")).Succeeded().Scalar);
        (await client.QueryAsync("COMMIT")).Succeeded();
        var grown = await KernelCounters.SinceAsync(console, before);
        Assert.True(grown["bind"] > 0 && grown["escape_statement"] > 0, $"{grown}");
        await AssertBalanceAsync(pooler, console, 2);
    }

    /// <summary>What the kernel has sent has been answered before there is a Sync; C# goes on in the middle of the batch.</summary>
    [RequiresBpfTheory]
    [EachKernelPath]
    public async Task Batch_that_C_sharp_goes_on_with_is_answered_in_order(DataPath path)
    {
        const int Rounds = 5;
        var pooler = await StartKernelAsync(1, path: path);
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await PrepareAsync(client, "old", "SELECT 'old'");
        await PrepareAsync(client, "kept", "SELECT 'new'");
        for (var round = 0; round < Rounds; round++)
        {
            await EnterKernelAsync(console, client);
            await client.SendAsync(Frontend.Concat(Frontend.Bind("old"), Frontend.Execute(), Frontend.Flush));
            Assert.Equal("2DC", string.Concat((await client.ReadAsync()).Type, (await client.ReadAsync()).Type, (await client.ReadAsync()).Type));
            await client.SendAsync(Frontend.Concat(Frontend.Parse("SELECT 'new'", "made"), Frontend.Bind("made"), Frontend.Execute(), Frontend.Sync));
            var reply = await client.ReadReplyAsync();
            Assert.Equal(("12DCZ", "new"), (reply.Types, reply.Scalar));
            await client.SendAsync(Frontend.Concat(Frontend.CloseStatement("made"), Frontend.Sync));
            Assert.Equal("3Z", (await client.ReadReplyAsync()).Types);
        }
    }

    /// <summary>A client may call a statement what another's is called at the servers.</summary>
    [RequiresBpfTheory]
    [EachKernelPath]
    public async Task Names_like_those_at_the_servers_are_each_clients_own(DataPath path)
    {
        var pooler = await StartKernelAsync(1, path: path);
        await using var console = await pooler.AdminAsync();
        await using var plain = await pooler.ClientAsync();
        await PrepareAsync(plain, "s1", "SELECT 'plain'");
        var atServer = (await plain.ScalarAsync("SELECT name FROM pg_prepared_statements WHERE name <> ''"))!;
        Assert.Equal(2, atServer.Length);

        await using var imitator = await pooler.ClientAsync();
        await PrepareAsync(imitator, "s1", "SELECT 'other'");
        await PrepareAsync(imitator, atServer, "SELECT 'imitated'");
        for (var round = 0; round < 5; round++)
        {
            Assert.Equal("plain", (await ExecuteAsync(plain, "s1")).Scalar);
            Assert.Equal("other", (await ExecuteAsync(imitator, "s1")).Scalar);
            Assert.Equal("imitated", (await ExecuteAsync(imitator, atServer)).Scalar);
        }

        await using var thief = await pooler.ClientAsync();
        await EnterKernelAsync(console, thief);
        await thief.SendAsync(Execution(atServer));
        Assert.Equal("prepared statement did not exist", (await thief.ReadToEndAsync())[^1].Field('M'));
        Assert.Equal("plain", (await ExecuteAsync(plain, "s1")).Scalar);
    }

    /// <summary>A server that has lost a statement by what nobody sees is given it again.</summary>
    [RequiresBpfTheory]
    [EachKernelPath]
    public async Task Statement_that_is_gone_is_prepared_again(DataPath path)
    {
        var pooler = await StartKernelAsync(1, path: path);
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await PrepareAsync(client, "s", "SELECT 'there'");
        await EnterKernelAsync(console, client);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal("there", (await ExecuteAsync(client, "s")).Scalar);
            var atServer = await client.ScalarAsync("SELECT name FROM pg_prepared_statements WHERE name <> ''");
            (await client.QueryAsync($"DEALLOCATE \"{atServer}\"")).Succeeded();
            await client.SendAsync(Frontend.Concat(Frontend.Bind("s"), Frontend.DescribePortal(), Frontend.Execute(), Frontend.Sync));
            Assert.Equal("2TDCZ", (await client.ReadReplyAsync()).Types);

            atServer = await client.ScalarAsync("SELECT name FROM pg_prepared_statements WHERE name <> ''");
            (await client.QueryAsync($"DEALLOCATE \"{atServer}\"")).Succeeded();
            Assert.Equal("26000", (await ExecuteAsync(client, "s")).SqlState);
        }

        Assert.Equal("there", (await ExecuteAsync(client, "s")).Scalar);
        await AssertBalanceAsync(pooler, console, 1);
    }

    /// <summary>What the kernel uses all the time is not closed for what is used once, though C# does not see it.</summary>
    [RequiresBpfFact]
    public async Task Statement_in_use_outlives_those_used_once()
    {
        const int Others = 10;
        var pooler = await StartKernelAsync(1, config => config.Set("max_prepared_statements", 3));
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await using var other = await pooler.ClientAsync();
        await PrepareAsync(client, "hot", "SELECT 'hot'");
        var preparedAt = await PreparedAtAsync(client);
        await EnterKernelAsync(console, client);
        for (var i = 0; i < Others; i++)
        {
            await PrepareAsync(other, $"o{i:00}", $"SELECT {i}");
            Assert.Equal("hot", (await ExecuteAsync(client, "hot")).Scalar);
        }

        Assert.Equal(preparedAt, await PreparedAtAsync(client));
        Assert.Equal("3", await client.ScalarAsync("SELECT count(*) FROM pg_prepared_statements WHERE name <> ''"));
    }

    [RequiresBpfTheory]
    [EachKernelPath]
    public async Task New_servers_and_settings_get_what_they_lack(DataPath path)
    {
        const int Clients = 6, Rounds = 6;
        var pooler = await StartKernelAsync(2, path: path);
        await using var console = await pooler.AdminAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(async number =>
            {
                // A slot that is used again must not bring back its last client's names.
                await using var client = await pooler.ClientAsync();
                var own = string.Create(CultureInfo.InvariantCulture, $"{round} {number}");
                await PrepareAsync(client, "s", $"SELECT '{own}'");
                await PrepareAsync(client, "shared", "SELECT 'shared'");
                for (var i = 0; i < 20; i++)
                {
                    Assert.Equal(own, (await ExecuteAsync(client, "s")).Succeeded().Scalar);
                    Assert.Equal("shared", (await ExecuteAsync(client, "shared")).Succeeded().Scalar);
                }

                if (number % 2 == 0)
                    client.Abort();
            }));

            await using var stranger = await pooler.ClientAsync();
            await EnterKernelAsync(console, stranger);
            await stranger.SendAsync(Execution("s"));
            Assert.Equal("prepared statement did not exist", (await stranger.ReadToEndAsync())[^1].Field('M'));
            if (round % 2 == 0)
            {
                (await console.RunAsync("RECONNECT")).Succeeded();
            }
            else
            {
                pooler.Config.Set("max_prepared_statements", round == 1 ? 3 : 1);
                (await pooler.ReloadAsync()).Succeeded();
            }
        }
    }

    private static async Task PrepareAsync(RawClient client, string name, string sql)
    {
        await client.SendAsync(Frontend.Concat(Frontend.Parse(sql, name), Frontend.Sync));
        Assert.Equal("1Z", (await client.ReadReplyAsync()).Types);
    }

    private static byte[] Execution(string name) => Frontend.Concat(Frontend.Bind(name), Frontend.Execute(), Frontend.Sync);

    private static async Task<QueryReply> ExecuteAsync(RawClient client, string name)
    {
        await client.SendAsync(Execution(name));
        return await client.ReadReplyAsync();
    }

    private static Task<string?> PreparedAtAsync(RawClient client) =>
        client.ScalarAsync("SELECT prepare_time FROM pg_prepared_statements WHERE statement = 'SELECT ''hot'''");
}
