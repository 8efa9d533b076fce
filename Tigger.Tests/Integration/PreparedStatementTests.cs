using System.Globalization;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Named prepared statements where the server changes with every transaction.</summary>
public sealed class PreparedStatementTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string Unknown = "26000", CachedPlan = "0A000";

    [Theory]
    [EachDataPath(1)]
    [EachLocalDataPath(3)]
    public async Task Whatever_is_sent_is_answered_as_direct(DataPath path, int most)
    {
        const int Clients = 4, Rounds = 60;
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 2).Set("max_prepared_statements", most));
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async number =>
        {
            var script = new StatementScript(number);
            await using var client = await pooler.ClientAsync();
            await using var direct = await Postgres.ConnectRawAsync(ServerDatabase);
            for (var round = 0; round < Rounds; round++)
            {
                var (bytes, replies, size) = script.Next();
                await direct.SendAsync(bytes);
                await client.SendInPiecesAsync(bytes, size);
                Assert.Equal(Describe(await direct.ReadRepliesAsync(replies)), Describe(await client.ReadRepliesAsync(replies)));
            }
        }));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task One_name_is_each_clients_own(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var one = await pooler.ClientAsync();
        await using var other = await pooler.ClientAsync();
        await PrepareAsync(one, "s", "SELECT 'one'");
        await PrepareAsync(other, "s", "SELECT 'other'");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("one", (await ExecuteAsync(one, "s")).Scalar);
            Assert.Equal("other", (await ExecuteAsync(other, "s")).Scalar);
        }

        await one.SendAsync(Frontend.Concat(Frontend.CloseStatement("s"), Frontend.Parse("SELECT 'new'", "s"), Frontend.Sync));
        Assert.Equal("31Z", (await one.ReadReplyAsync()).Types);
        Assert.Equal(("new", "other"), ((await ExecuteAsync(one, "s")).Scalar, (await ExecuteAsync(other, "s")).Scalar));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task One_text_is_prepared_once_and_counted(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var one = await pooler.ClientAsync();
        await using var other = await pooler.ClientAsync();
        await PrepareAsync(one, "s1", "SELECT $1::int");
        await PrepareAsync(other, "s2", "SELECT $1::int");
        await PrepareAsync(other, "", "SELECT 1");
        Assert.Equal("5", (await ExecuteAsync(one, "s1", "5")).Scalar);
        Assert.Equal("6", (await ExecuteAsync(other, "s2", "6")).Scalar);
        Assert.Equal("1", await one.ScalarAsync("SELECT count(*) FROM pg_prepared_statements WHERE name <> ''"));

        await using var console = await pooler.AdminAsync();
        var totals = await console.TotalsAsync();
        Assert.Equal((2, 1, 2), (totals["client_parse_count"], totals["server_parse_count"], totals["bind_count"]));
        Assert.Equal("1", Assert.Single(await console.ShowAsync("SERVERS"))["prepared_statements"]);
        var clients = (await console.ShowAsync("CLIENTS")).Where(row => row["database"] == Database).Select(row => row["prepared_statements"]);
        Assert.Equal(["1", "1"], clients);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Server_keeps_the_statements_used_last(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1).Set("max_prepared_statements", 2));
        await using var client = await pooler.ClientAsync();
        for (var i = 0; i < 4; i++)
            await PrepareAsync(client, $"s{i}", $"SELECT {i}");
        Assert.Equal("SELECT 2,SELECT 3", await StatementsAsync(client));
        foreach (var i in new[] { 0, 1, 0, 2 })
            Assert.Equal($"{i}", (await ExecuteAsync(client, $"s{i}")).Scalar);
        Assert.Equal("SELECT 0,SELECT 2", await StatementsAsync(client));

        // More than fit, in one batch that has to hold them all at once.
        await client.SendAsync(Frontend.Concat(
            Enumerable.Range(0, 4).Select(i => Frontend.Bind($"s{i}", $"p{i}"))
                .Concat(Enumerable.Range(0, 4).Select(i => Frontend.Execute($"p{i}"))).Append(Frontend.Sync)));
        Assert.Equal("2222DCDCDCDCZ", (await client.ReadReplyAsync()).Types);
        Assert.Equal("SELECT 2,SELECT 3", await StatementsAsync(client));
    }

    [Theory]
    [EachLocalDataPath("DISCARD ALL")]
    [EachLocalDataPath("DEALLOCATE ALL")]
    public async Task All_statements_gone_are_gone_for_their_client_and_return_for_others(DataPath path, string command)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var client = await pooler.ClientAsync();
        await using var other = await pooler.ClientAsync();
        await PrepareAsync(client, "s", "SELECT 's'");
        await PrepareAsync(other, "s", "SELECT 's'");
        await PrepareAsync(other, "t", "SELECT 't'");
        await client.QueryAsync("SELECT 1");
        (await client.QueryAsync(command)).Succeeded();
        Assert.Equal("0", await client.ScalarAsync("SELECT count(*) FROM pg_prepared_statements"));
        Assert.Equal(("s", "t"), ((await ExecuteAsync(other, "s")).Scalar, (await ExecuteAsync(other, "t")).Scalar));
        await PrepareAsync(client, "s", "SELECT 'anew'");
        Assert.Equal("anew", (await ExecuteAsync(client, "s")).Scalar);
    }

    [Fact]
    public async Task Reset_query_empties_the_server_only()
    {
        var pooler = await StartAsync(
            DataPath.User, config => config.Set("default_pool_size", 1).Set("server_reset_query_always", true));
        await using var client = await pooler.ClientAsync();
        await PrepareAsync(client, "s", "SELECT 's'");
        for (var i = 0; i < 3; i++)
            Assert.Equal("s", (await ExecuteAsync(client, "s")).Scalar);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Changed_result_type_is_not_seen_where_the_columns_are_asked_for(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        await using var client = await pooler.ClientAsync();
        await using var other = await pooler.ClientAsync();
        await client.QueryAsync("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
        await PrepareAsync(client, "s", "SELECT * FROM t");
        await PrepareAsync(other, "s", "SELECT * FROM t");
        Assert.Equal("1", (await ExecuteAsync(client, "s")).Scalar);

        await other.QueryAsync("ALTER TABLE t ADD COLUMN b int DEFAULT 2");
        await client.SendAsync(Frontend.Concat(Frontend.Bind("s"), Frontend.DescribePortal(), Frontend.Execute(), Frontend.Sync));
        var reply = await client.ReadReplyAsync();
        Assert.Equal("2TDCZ", reply.Types);
        Assert.Equal("1,2", string.Join(',', Assert.Single(reply.Rows)));

        // Who relies on columns he was told before has to hear of it, and can go on then.
        await other.QueryAsync("ALTER TABLE t ADD COLUMN c int DEFAULT 3");
        Assert.Equal(CachedPlan, (await ExecuteAsync(client, "s")).SqlState);
        Assert.Equal("1,2,3", string.Join(',', Assert.Single((await ExecuteAsync(client, "s")).Rows)));
        Assert.Equal("1,2,3", string.Join(',', Assert.Single((await ExecuteAsync(other, "s")).Rows)));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Changed_result_type_in_a_transaction_is_an_error(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("CREATE TABLE t (a int)");
        await PrepareAsync(client, "s", "SELECT * FROM t");
        await client.QueryAsync("BEGIN");
        await ExecuteAsync(client, "s");
        await client.QueryAsync("ALTER TABLE t ADD COLUMN b int");
        await client.SendAsync(Frontend.Concat(Frontend.Bind("s"), Frontend.DescribePortal(), Frontend.Execute(), Frontend.Sync));
        Assert.Equal((CachedPlan, 'E'), await StateAsync(client));
        await client.QueryAsync("ROLLBACK");
        Assert.Empty((await ExecuteAsync(client, "s")).Succeeded().Rows);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Statement_of_a_megabyte_is_kept_for_the_next_server(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1).Set("max_prepared_statements", 1));
        await using var client = await pooler.ClientAsync();
        await PrepareAsync(client, "big", $"SELECT length('{new string('x', 1_000_000)}')");
        await PrepareAsync(client, "small", "SELECT 'small'");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("1000000", (await ExecuteAsync(client, "big")).Scalar);
            Assert.Equal("small", (await ExecuteAsync(client, "small")).Scalar);
        }
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Unknown_statement_ends_the_session_as_with_PgBouncer(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1));
        foreach (var message in new[] { Frontend.Bind("nobody's"), Frontend.DescribeStatement("nobody's") })
        {
            await using var client = await pooler.ClientAsync();
            await client.SendAsync(Frontend.Concat(message, Frontend.Sync));
            await AssertFatalAsync(client, "prepared statement did not exist");
        }

        await pooler.Log.WaitForAsync("prepared statement 'nobody's' not found");
        await pooler.Log.WaitForAsync("prepared statement did not exist");
        await using var next = await pooler.ClientAsync();
        Assert.Equal("1", await next.ScalarAsync("SELECT 1"));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Name_in_use_ends_the_session_as_with_PgBouncer(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await PrepareAsync(client, "s", "SELECT 1");
        await client.SendAsync(Frontend.Concat(Frontend.Parse("SELECT 2", "s"), Frontend.Sync));
        await AssertFatalAsync(client, "prepared statement name is already in use");
        await pooler.Log.WaitForAsync("prepared statement 's' was already prepared");
    }

    [Fact]
    public async Task Without_tracking_names_are_the_servers()
    {
        var pooler = await StartAsync(DataPath.User, config => config.Set("default_pool_size", 1).Set("max_prepared_statements", 0));
        await using var client = await pooler.ClientAsync();
        await using var other = await pooler.ClientAsync();
        await PrepareAsync(client, "s", "SELECT 's'");
        Assert.Equal("s", (await ExecuteAsync(other, "s")).Scalar);
        Assert.Equal(Unknown, (await ExecuteAsync(other, "t")).SqlState);
    }

    private static async Task PrepareAsync(RawClient client, string name, string sql)
    {
        await client.SendAsync(Frontend.Concat(Frontend.Parse(sql, name), Frontend.Sync));
        Assert.Equal("1Z", (await client.ReadReplyAsync()).Types);
    }

    private static async Task<QueryReply> ExecuteAsync(RawClient client, string name, params string?[] values)
    {
        await client.SendAsync(Frontend.Concat(Frontend.Bind(name, "", values), Frontend.Execute(), Frontend.Sync));
        return await client.ReadReplyAsync();
    }

    private static async Task<(string?, char)> StateAsync(RawClient client)
    {
        var reply = await client.ReadReplyAsync();
        return (reply.SqlState, reply.Status);
    }

    private static Task<string?> StatementsAsync(RawClient client) =>
        client.ScalarAsync("SELECT string_agg(statement, ',' ORDER BY statement) FROM pg_prepared_statements WHERE name <> ''");

    private static async Task AssertFatalAsync(RawClient client, string text)
    {
        var last = (await client.ReadToEndAsync())[^1];
        Assert.Equal(("FATAL", "08P01", text), (last.Field('S'), last.Field('C'), last.Field('M')));
    }

    /// <summary>
    /// Random batches of one client that keeps to the rules: it prepares only free names and uses only taken ones. Errors come in
    /// the last batch of a pipeline, because what a client sends behind an error it does not know of may break the rules.
    /// </summary>
    private sealed class StatementScript(int seed)
    {
        private const int Names = 4;

        private readonly Random _random = new(seed);
        private readonly Dictionary<string, int> _arguments = [];

        /// <summary>The bytes, the number of ReadyForQuery they ask for, and the size of the pieces to send them in.</summary>
        internal (byte[] Bytes, int Replies, int PieceSize) Next()
        {
            var batches = _random.Next(1, 4);
            List<byte[]> messages = [];
            for (var batch = 1; batch <= batches; batch++)
            {
                var fails = batch == batches && _random.Next(3) == 0;
                AddBatch(messages, fails);
                messages.Add(_random.Next(8) == 0 && !fails ? Frontend.Concat(Frontend.Sync, Frontend.Sync) : Frontend.Sync);
            }

            var bytes = Frontend.Concat(messages);
            var syncs = messages.Sum(message => message.Length / Frontend.Sync.Length * (message[0] == 'S' ? 1 : 0));
            return (bytes, syncs, _random.Next(4) == 0 ? _random.Next(1, 40) : bytes.Length);
        }

        private void AddBatch(List<byte[]> messages, bool fails)
        {
            var steps = _random.Next(1, 7);
            var failsAt = fails ? _random.Next(steps) : steps;
            for (var step = 0; step < failsAt; step++)
                messages.Add(Step());
            if (!fails)
                return;

            // What is skipped must have no part in what the client believes.
            messages.Add(Frontend.Run("SELECT 1/$1::int", "0"));
            var before = new Dictionary<string, int>(_arguments);
            for (var step = failsAt; step < steps; step++)
                messages.Add(Step());
            _arguments.Clear();
            foreach (var (name, arguments) in before)
                _arguments.Add(name, arguments);
        }

        private byte[] Step()
        {
            var name = $"s{_random.Next(Names)}";
            if (!_arguments.TryGetValue(name, out var arguments))
            {
                _arguments[name] = arguments = _random.Next(3);
                return Frontend.Parse(Text(arguments), name);
            }

            var values = Enumerable.Range(0, arguments).Select(_ => _random.Next(1000).ToString(CultureInfo.InvariantCulture)).ToArray();
            switch (_random.Next(6))
            {
                case 0:
                    _arguments.Remove(name);
                    return Frontend.CloseStatement(name);
                case 1:
                    return Frontend.DescribeStatement(name);
                case 2:
                    return Frontend.Run("SELECT $1::text", "unnamed");
                case 3:
                    return Frontend.Concat(Frontend.Bind(name, "", values), Frontend.DescribePortal(), Frontend.Execute());
                default:
                    return Frontend.Concat(Frontend.Bind(name, "", values), Frontend.Execute());
            }
        }

        /// <summary>Few texts, so that clients share some of them.</summary>
        private string Text(int arguments) => arguments switch
        {
            0 => $"SELECT {_random.Next(2)}",
            1 => $"SELECT $1::int + {_random.Next(2)}",
            _ => "SELECT $1::text, $2::text",
        };
    }
}
