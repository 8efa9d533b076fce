using Npgsql;
using NpgsqlTypes;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>A driver people use, with the features that lean on the protocol. It makes its own sockets, so it stays on this host.</summary>
public sealed class NpgsqlTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachLocalDataPath("transaction")]
    [EachLocalDataPath("session")]
    public async Task Transactions_commit_and_roll_back(DataPath path, string mode)
    {
        var pooler = await StartAsync(path, config => config.Set("pool_mode", mode));
        await using var connection = await pooler.NpgsqlAsync();
        await ExecuteAsync(connection, "CREATE TABLE t (n int)");
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await ExecuteAsync(connection, "INSERT INTO t VALUES (1)");
            await transaction.SaveAsync("half");
            await ExecuteAsync(connection, "INSERT INTO t VALUES (2)");
            await transaction.RollbackAsync("half");
            await transaction.CommitAsync();
        }

        await using (var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.Serializable))
        {
            await ExecuteAsync(connection, "INSERT INTO t VALUES (3)");
            await transaction.RollbackAsync();
        }

        Assert.Equal(1L, await ScalarAsync(connection, "SELECT sum(n) FROM t"));
    }

    [Theory]
    [EachLocalDataPath("transaction")]
    [EachLocalDataPath("session")]
    public async Task Batch_returns_every_result_and_stops_at_an_error(DataPath path, string mode)
    {
        var pooler = await StartAsync(path, config => config.Set("pool_mode", mode));
        await using var connection = await pooler.NpgsqlAsync();
        await using var batch = new NpgsqlBatch(connection);
        for (var i = 0; i < 20; i++)
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT $1") { Parameters = { new() { Value = i } } });
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            for (var i = 0; i < 20; i++)
            {
                Assert.True(await reader.ReadAsync());
                Assert.Equal(i, reader.GetInt32(0));
                Assert.Equal(i < 19, await reader.NextResultAsync());
            }
        }

        await using var faulty = new NpgsqlBatch(connection) { BatchCommands = { new("SELECT 1"), new("SELECT 1/0"), new("SELECT 2") } };
        var error = await Assert.ThrowsAsync<PostgresException>(() => faulty.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.DivisionByZero, error.SqlState);
        Assert.Equal(5, await ScalarAsync(connection, "SELECT 5"));
    }

    [Theory]
    [EachLocalDataPath("transaction")]
    [EachLocalDataPath("session")]
    public async Task Binary_copy_goes_both_ways(DataPath path, string mode)
    {
        const int Rows = 5000;
        var pooler = await StartAsync(path, config => config.Set("pool_mode", mode));
        await using var connection = await pooler.NpgsqlAsync();
        await ExecuteAsync(connection, "CREATE TABLE t (n int, s text)");
        await using (var import = await connection.BeginBinaryImportAsync("COPY t FROM STDIN (FORMAT binary)"))
        {
            for (var i = 0; i < Rows; i++)
                await import.WriteRowAsync(default, i, $"row {i}");
            Assert.Equal((ulong)Rows, await import.CompleteAsync());
        }

        await using (var abandoned = await connection.BeginBinaryImportAsync("COPY t FROM STDIN (FORMAT binary)"))
            await abandoned.WriteRowAsync(default, -1, "never");

        var seen = 0;
        await using (var export = await connection.BeginBinaryExportAsync("COPY (SELECT n, s FROM t ORDER BY n) TO STDOUT (FORMAT binary)"))
        {
            while (await export.StartRowAsync() >= 0)
            {
                Assert.Equal(seen, await export.ReadAsync<int>(NpgsqlDbType.Integer));
                Assert.Equal($"row {seen++}", await export.ReadAsync<string>(NpgsqlDbType.Text));
            }
        }

        Assert.Equal(Rows, seen);
    }

    [Theory]
    [EachLocalDataPath("transaction")]
    [EachLocalDataPath("session")]
    public async Task Cancelled_command_leaves_the_connection_usable(DataPath path, string mode)
    {
        var pooler = await StartAsync(path, config => config.Set("pool_mode", mode));
        await using var connection = await pooler.NpgsqlAsync();
        await using var command = new NpgsqlCommand("SELECT pg_sleep(60)", connection);
        using var source = new CancellationTokenSource();
        var running = command.ExecuteNonQueryAsync(source.Token);
        await Eventually.EqualAsync(1, () => Postgres.CountBackendsAsync(ServerDatabase, "wait_event = 'PgSleep'"), "sleeping backend");
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(1, await ScalarAsync(connection, "SELECT 1"));
    }

    [Theory]
    [EachLocalDataPath("")]
    [EachLocalDataPath("Multiplexing=true;Maximum Pool Size=8;")]
    public async Task Many_callers_share_few_servers(DataPath path, string options)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 5));
        await using var source = NpgsqlDataSource.Create(pooler.NpgsqlString("Pooling=true;" + options));
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async caller =>
        {
            for (var i = 0; i < 25; i++)
            {
                await using var command = source.CreateCommand("SELECT $1 + 1");
                command.Parameters.Add(new() { Value = (caller * 1000) + i });
                Assert.Equal((caller * 1000) + i + 1, await command.ExecuteScalarAsync());
            }
        }));
        Assert.InRange(await Postgres.CountBackendsAsync(ServerDatabase), 1, 5);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Prepared_statements_work_in_session_mode(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("pool_mode", "session"));
        await using var connection = await pooler.NpgsqlAsync();
        await using var command = new NpgsqlCommand("SELECT $1 * 2", connection) { Parameters = { new() { Value = 0 } } };
        await command.PrepareAsync();
        for (var i = 0; i < 10; i++)
        {
            command.Parameters[0].Value = i;
            Assert.Equal(i * 2, await command.ExecuteScalarAsync());
        }
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Automatic_preparation_works_in_transaction_mode(DataPath path)
    {
        const int Callers = 12;
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 3).Set("max_prepared_statements", 5));
        const string Options = "Pooling=true;Maximum Pool Size=6;Max Auto Prepare=4;Auto Prepare Min Usages=2;";
        await using var source = NpgsqlDataSource.Create(pooler.NpgsqlString(Options));
        await RunBatchesAsync(source, Callers, batches: 60);
        await using var console = await pooler.AdminAsync();
        var totals = await console.TotalsAsync();
        Assert.InRange(totals["bind_count"], Callers, long.MaxValue);
        Assert.InRange(totals["server_parse_count"], 1, totals["client_parse_count"] + totals["bind_count"]);
    }

    /// <summary>Callers at the same time, each with batches whose texts differ, so that statements are prepared, used and dropped.</summary>
    internal static Task RunBatchesAsync(NpgsqlDataSource source, int callers, int batches)
    {
        const int Texts = 8;
        return Task.WhenAll(Enumerable.Range(0, callers).Select(async caller =>
        {
            for (var i = 0; i < batches; i++)
            {
                await using var batch = source.CreateBatch();
                batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT $1 + {i % Texts}") { Parameters = { new() { Value = caller * 1000 } } });
                batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT $1 * 2") { Parameters = { new() { Value = i } } });
                await using var reader = await batch.ExecuteReaderAsync();
                Assert.True(await reader.ReadAsync());
                Assert.Equal((caller * 1000) + (i % Texts), reader.GetInt32(0));
                Assert.True(await reader.NextResultAsync() && await reader.ReadAsync());
                Assert.Equal(i * 2, reader.GetInt32(0));
            }
        }));
    }

    internal static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
