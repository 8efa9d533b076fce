using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>A server belongs to a client for its whole session and is clean for the next one.</summary>
public sealed class SessionPoolingTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachDataPath]
    public async Task Session_keeps_its_server_between_transactions(DataPath path)
    {
        var pooler = await StartSessionAsync(path);
        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        var pid = await a.BackendPidAsync();
        await b.SendAsync(Frontend.Query("SELECT pg_backend_pid()"));
        Assert.True(await b.IsSilentForAsync(TimeSpan.FromMilliseconds(150)));
        Assert.Equal(pid, await a.BackendPidAsync());
        await a.CloseAsync();
        Assert.Equal($"{pid}", (await b.ReadReplyAsync()).Succeeded().Scalar);
    }

    [Theory]
    [EachDataPath]
    public async Task Next_session_finds_nothing_of_the_last(DataPath path)
    {
        var pooler = await StartSessionAsync(path);
        await using var a = await pooler.ClientAsync();
        var pid = await a.BackendPidAsync();
        await SoilAsync(a);
        await a.CloseAsync();

        await using var b = await pooler.ClientAsync();
        Assert.Equal(pid, await b.BackendPidAsync());
        Assert.Null(await b.ScalarAsync("SELECT to_regclass('pg_temp.mine')"));
        Assert.Equal("4MB", await b.ScalarAsync("SHOW work_mem"));
        Assert.Equal("0", await b.ScalarAsync("SELECT count(*) FROM pg_prepared_statements"));
        Assert.Equal("0", await b.ScalarAsync("SELECT count(*) FROM pg_listening_channels()"));
        Assert.Equal("0", await b.ScalarAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"));
        Assert.Equal("0", await b.ScalarAsync("SELECT count(*) FROM pg_cursors"));
    }

    [Theory]
    [EachDataPath]
    public async Task Without_reset_query_the_session_state_stays(DataPath path)
    {
        // Shows that it is the configured query that cleans, nothing built in.
        var pooler = await StartSessionAsync(path, config => config.Set("server_reset_query", ""));
        await using var a = await pooler.ClientAsync();
        await SoilAsync(a);
        await a.CloseAsync();
        await using var b = await pooler.ClientAsync();
        Assert.Equal("mine", await b.ScalarAsync("SELECT to_regclass('pg_temp.mine')"));
    }

    [Theory]
    [EachDataPath]
    public async Task Failing_reset_query_costs_the_server(DataPath path)
    {
        var pooler = await StartSessionAsync(path, config => config.Set("server_reset_query", "SELECT no_such_function()"));
        await using var a = await pooler.ClientAsync();
        var pid = await a.BackendPidAsync();
        await a.CloseAsync();
        await using var b = await pooler.ClientAsync();
        Assert.NotEqual(pid, await b.BackendPidAsync());
    }

    [Theory]
    [EachDataPath]
    public async Task User_may_pool_by_session_beside_transaction_pooling(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", 1).User(Roles.Alice, ("pool_mode", "session")));
        await using var alice = await pooler.ClientAsync(Roles.Alice);
        await alice.QueryAsync("CREATE TEMP TABLE mine ()");
        await using var second = await pooler.ClientAsync(Roles.Alice);
        await second.SendAsync(Frontend.Query("SELECT 1"));
        Assert.True(await second.IsSilentForAsync(TimeSpan.FromMilliseconds(150)));

        await using var bob = await pooler.ClientAsync(Roles.Bob);
        await using var bobToo = await pooler.ClientAsync(Roles.Bob);
        Assert.Equal(await bob.BackendPidAsync(), await bobToo.BackendPidAsync());
    }

    [Theory]
    [EachDataPath]
    public async Task Database_may_pool_by_session_beside_transaction_pooling(DataPath path)
    {
        var pooler = await StartAsync(path, config => config
            .Database("whole", ("host", Topology.Of(path).ServerHost), ("port", Postgres.Port), ("dbname", ServerDatabase), ("pool_mode", "session")));
        await using var whole = await pooler.ClientAsync(database: "whole");
        await whole.QueryAsync("SET work_mem = '33MB'");
        await whole.CloseAsync();
        await using var next = await pooler.ClientAsync(database: "whole");
        Assert.Equal("4MB", await next.ScalarAsync("SHOW work_mem"));
    }

    private static async Task SoilAsync(RawClient client)
    {
        const string Sql = """
            CREATE TEMP TABLE mine (n int);
            SET work_mem = '33MB';
            PREPARE p AS SELECT 1;
            LISTEN gossip;
            DECLARE c CURSOR WITH HOLD FOR SELECT 1;
            SELECT pg_advisory_lock(1)
            """;
        (await client.QueryAsync(Sql)).Succeeded();
    }

    private Task<TiggerProcess> StartSessionAsync(DataPath path, Action<TiggerConfigBuilder>? configure = null) =>
        StartAsync(path, config =>
        {
            config.Set("pool_mode", "session").Set("default_pool_size", 1);
            configure?.Invoke(config);
        });
}
