using Npgsql;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>The same driver over TLS, with the certificate and its name verified.</summary>
public sealed class NpgsqlTlsTests(PostgresServer postgres) : TlsTest(postgres)
{
    [Theory]
    [EachLocalDataPath("transaction")]
    [EachLocalDataPath("session")]
    public async Task Callers_share_few_servers(DataPath path, string mode)
    {
        const int Servers = 6;
        await using var source = await SourceAsync(path, mode, $"Pooling=true;Maximum Pool Size={Servers};Max Auto Prepare=4;Auto Prepare Min Usages=2;");
        await NpgsqlTests.RunBatchesAsync(source, callers: 12, batches: 40);
    }

    [Theory]
    [EachLocalDataPath("transaction")]
    [EachLocalDataPath("session")]
    public async Task Copy_transaction_notice_and_cancel(DataPath path, string mode)
    {
        const int Rows = 5000;
        await using var source = await SourceAsync(path, mode);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await NpgsqlTests.ExecuteAsync(connection, "CREATE TABLE t (n int)");
        await using (var import = await connection.BeginBinaryImportAsync("COPY t FROM STDIN (FORMAT binary)"))
        {
            for (var i = 0; i < Rows; i++)
                await import.WriteRowAsync(default, i);
            Assert.Equal((ulong)Rows, await import.CompleteAsync());
        }

        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await NpgsqlTests.ExecuteAsync(connection, "DELETE FROM t");
            await transaction.RollbackAsync();
        }

        var heard = new List<string>();
        connection.Notice += (_, notice) => heard.Add(notice.Notice.MessageText);
        await NpgsqlTests.ExecuteAsync(connection, "DO $$ BEGIN RAISE NOTICE 'heard'; END $$");
        Assert.Equal("heard", Assert.Single(heard));

        await using var sleep = new NpgsqlCommand("SELECT pg_sleep(60)", connection);
        using var stop = new CancellationTokenSource();
        var running = sleep.ExecuteNonQueryAsync(stop.Token);
        await Eventually.EqualAsync(1, () => Postgres.CountBackendsAsync(ServerDatabase, "wait_event = 'PgSleep'"), "sleeping backend");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await using var count = new NpgsqlCommand("SELECT count(*) FROM t", connection);
        Assert.Equal((long)Rows, await count.ExecuteScalarAsync());
    }

    private async Task<NpgsqlDataSource> SourceAsync(DataPath path, string mode, string options = "")
    {
        var pooler = await StartTlsAsync(config => config.Set("client_tls_sslmode", "require").Set("pool_mode", mode).Set("default_pool_size", 6), path);
        return NpgsqlDataSource.Create(pooler.NpgsqlString($"SSL Mode=VerifyFull;Root Certificate={Certificates.AuthorityFile};{options}"));
    }
}
