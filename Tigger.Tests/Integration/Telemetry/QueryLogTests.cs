using System.Text.Json;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Telemetry;

/// <summary>What the query log says is what clients did, whoever moved the bytes; what it cannot say is counted.</summary>
public sealed class QueryLogTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const int Rounds = 30;

    private readonly TempDirectory _directory = new("query-log");

    private string LogFile => _directory.File("queries");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [EachDataPath]
    public async Task Lines_say_what_clients_did(DataPath path)
    {
        var pooler = await StartLoggedAsync(path);
        await using var client = await pooler.ClientAsync(parameters: [("application_name", "shop")]);
        var backend = await client.BackendPidAsync();
        List<(string Statement, long Rows, string? SqlState, long Received, long Sent)> expected = [];
        await client.QueryAsync("CREATE TABLE t (n int, v text)");
        for (var i = 0; i < Rounds; i++)
        {
            await DoAsync($"SELECT generate_series(1, {i})", i, null, Frontend.Query($"SELECT generate_series(1, {i})"));
            await DoAsync("INSERT INTO t SELECT $1, 'secret'", 1, null, Frontend.Run("INSERT INTO t SELECT $1, 'secret'", "7"), Frontend.Sync);
            await DoAsync("BEGIN; UPDATE t SET v = 'other'; COMMIT", i + 1, null, Frontend.Query("BEGIN; UPDATE t SET v = 'other'; COMMIT"));
        }

        await DoAsync("SELECT 1/0", 0, "22012", Frontend.Query("SELECT 1/0"));
        const int Before = 2;
        var lines = await LinesAsync(Before + expected.Count);
        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(line => line.GetProperty("transaction").GetInt32()));
        foreach (var (line, what) in lines.Skip(Before).Zip(expected))
        {
            Assert.Equal(Fingerprint(what.Statement), line.GetProperty("statement").GetString());
            Assert.Equal((what.Statement, what.Rows), (what.Statement, line.GetProperty("rows").GetInt64()));
            Assert.Equal(what.SqlState, line.TryGetProperty("sqlstate", out var state) ? state.GetString() : null);
            Assert.Equal((what.Received, what.Sent), (line.GetProperty("bytes_received").GetInt64(), line.GetProperty("bytes_sent").GetInt64()));
            Assert.Equal((Database, Roles.Superuser, backend), (
                line.GetProperty("database").GetString(), line.GetProperty("user").GetString(), line.GetProperty("server_pid").GetInt32()));
            Assert.InRange(line.GetProperty("busy_ms").GetDecimal(), 0.001m, line.GetProperty("duration_ms").GetDecimal());
            Assert.InRange(line.GetProperty("time").GetDateTime(), DateTime.UtcNow.AddMinutes(-10), DateTime.UtcNow);
        }

        var paths = lines.Select(line => line.GetProperty("path").GetString()).ToHashSet();
        Assert.Equal(path != DataPath.User, paths.Contains("kernel"));

        async Task DoAsync(string statement, long rows, string? sqlState, params byte[][] messages)
        {
            var request = Frontend.Concat(messages);
            await client.SendAsync(request);
            var reply = await client.ReadReplyAsync();
            expected.Add((statement, rows, sqlState, request.Length, reply.Messages.Sum(message => message.Payload.Length + 5)));
        }
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Named_statements_are_told_by_their_text(DataPath path)
    {
        var pooler = await StartLoggedAsync(path);
        await using var client = await pooler.ClientAsync();
        await client.SendAsync(Frontend.Concat(Frontend.Parse("SELECT 'a', $1::int", "mine"), Frontend.Sync));
        await client.ReadReplyAsync();
        for (var i = 0; i < Rounds; i++)
        {
            await client.SendAsync(Frontend.Concat(Frontend.Bind("mine", "", "1"), Frontend.Execute(), Frontend.Sync));
            (await client.ReadReplyAsync()).Succeeded();
        }

        var lines = await LinesAsync(1 + Rounds);
        Assert.All(lines.Skip(1), line => Assert.Equal(Fingerprint("SELECT 'a', $1::int"), line.GetProperty("statement").GetString()));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Full_file_is_renamed_and_the_oldest_goes(DataPath path)
    {
        const int Size = 65536;
        var pooler = await StartLoggedAsync(path, config => config.Set("query_log_size", Size).Set("query_log_keep", 2));
        await using var client = await pooler.ClientAsync();
        for (var i = 0; !File.Exists($"{LogFile}.2"); i++)
        {
            Assert.True(i < 20_000, "two files are full");
            await client.ScalarAsync($"SELECT {i}");
        }

        // Full once more: .2 is now what was .1.
        var first = new FileInfo($"{LogFile}.1").Length;
        Assert.InRange(first, 1, Size);
        var second = await File.ReadAllTextAsync($"{LogFile}.1", TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            async () =>
            {
                await client.ScalarAsync("SELECT 1");
                return await File.ReadAllTextAsync($"{LogFile}.2", TestContext.Current.CancellationToken) == second;
            },
            "the files move on");
        Assert.False(File.Exists($"{LogFile}.3"));
        await using var admin = await pooler.AdminAsync();
        Assert.Equal(0, (await admin.CountersAsync())["query_log_lost"]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(LogFile));
        foreach (var line in second.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            JsonDocument.Parse(line).Dispose();
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Without_a_place_to_write_to_lines_are_lost_and_counted(DataPath path)
    {
        var missing = _directory.File("missing");
        var pooler = await StartLoggedAsync(path, config => config.Set("query_log_file", Path.Combine(missing, "queries")));
        await using var admin = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        for (var i = 0; i < Rounds; i++)
            await client.ScalarAsync($"SELECT {i}");
        await Eventually.EqualAsync(Rounds, async () => (await admin.CountersAsync())["query_log_lost"], "lines lost");
        Directory.CreateDirectory(missing);
        await Eventually.TrueAsync(
            async () =>
            {
                await client.ScalarAsync("SELECT 1");
                return (await admin.CountersAsync())["query_log_written"] > 0;
            },
            "lines are written");
        Assert.Single(pooler.Log.Lines, line => line.Contains("cannot write the query log", StringComparison.Ordinal)
            && line.Contains("missing", StringComparison.Ordinal));
    }

    /// <summary>Sessions that were there before are told of, and then no more; only what takes long enough is written.</summary>
    [Theory]
    [EachLocalDataPath]
    public async Task Log_is_turned_on_and_off_by_a_reload(DataPath path)
    {
        var config = NewConfig(path);
        var pooler = await StartAsync(config);
        await using var admin = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await client.ScalarAsync("SELECT 1");
        var servers = pooler.Log.Lines.Count(line => line.Contains("new connection to server", StringComparison.Ordinal));
        config.Set("query_log_file", LogFile).Database(Database, ("query_log", 1));
        (await pooler.ReloadAsync()).Succeeded();
        for (var i = 0; i < Rounds; i++)
            await client.ScalarAsync("SELECT 2");
        var lines = await LinesAsync(Rounds);
        Assert.All(lines, line => Assert.Equal(Fingerprint("SELECT 2"), line.GetProperty("statement").GetString()));

        config.Set("query_log_min_duration", "50ms");
        (await pooler.ReloadAsync()).Succeeded();
        await client.ScalarAsync("SELECT 3");
        await client.ScalarAsync("SELECT pg_sleep(0.06)");
        lines = await LinesAsync(Rounds + 1);
        Assert.Contains(lines, line => line.GetProperty("duration_ms").GetDecimal() >= 60);

        config.Database(Database, ("query_log", 0));
        (await pooler.ReloadAsync()).Succeeded();
        await client.ScalarAsync("SELECT pg_sleep(0.06)");
        (await pooler.ReloadAsync()).Succeeded();
        Assert.Equal(lines.Count, (await ReadAsync()).Count);
        Assert.Equal(servers, pooler.Log.Lines.Count(line => line.Contains("new connection to server", StringComparison.Ordinal)));
    }

    /// <summary>While nobody reads what the kernel copies clients go on, and what did not fit is counted.</summary>
    [RequiresBpfFact]
    public async Task Copies_that_nobody_reads_are_counted()
    {
        const int Count = 1500, InKernel = 50;
        var pooler = await StartLoggedAsync(DataPath.Kernel);
        await using var admin = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        var text = new string('x', 3500);
        for (var i = 0; i < InKernel; i++)
            await client.ScalarAsync($"SELECT '{text}'");
        await LinesAsync(InKernel);
        Assert.Equal(0, LibC.Kill(pooler.Pid, (int)Signal.Stop));
        try
        {
            for (var i = 0; i < Count; i++)
                await client.ScalarAsync($"SELECT '{text}'");
        }
        finally
        {
            Assert.Equal(0, LibC.Kill(pooler.Pid, (int)Signal.Cont));
        }

        // What fitted is read now.
        await Eventually.TrueAsync(
            async () => (await admin.CountersAsync())["query_log_written"] > InKernel, "transactions that nobody had read are written");
        await client.CloseAsync();
        var counters = await admin.CountersAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                counters = await admin.CountersAsync();
                return counters["query_log_lost"] is > 0 and < Count && counters["query_log_written"] + counters["query_log_lost"] == InKernel + Count;
            },
            () => $"each transaction is written or counted: {counters["query_log_written"]} and {counters["query_log_lost"]}");
    }

    private static string Fingerprint(string sql) => Tigger.Mirroring.Fingerprint.Of(System.Text.Encoding.UTF8.GetBytes(sql));

    private Task<TiggerProcess> StartLoggedAsync(DataPath path, Action<TiggerConfigBuilder>? configure = null) => StartAsync(path, config =>
    {
        config.Set("query_log_file", LogFile).Database(Database, ("query_log", 1));
        configure?.Invoke(config);
    });

    private async Task<List<JsonElement>> LinesAsync(int count)
    {
        List<JsonElement> lines = [];
        await Eventually.TrueAsync(
            async () =>
            {
                lines = await ReadAsync();
                return lines.Count >= count;
            },
            () => $"{count} lines; there are {lines.Count}");
        Assert.Equal(count, lines.Count);
        return lines;
    }

    private async Task<List<JsonElement>> ReadAsync()
    {
        if (!File.Exists(LogFile))
            return [];
        var lines = await File.ReadAllLinesAsync(LogFile, TestContext.Current.CancellationToken);
        return [.. lines.Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
