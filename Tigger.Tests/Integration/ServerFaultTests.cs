using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Servers that do not keep to the protocol: their client may suffer, nobody else.</summary>
public sealed class ServerFaultTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string Healthy = "healthy";

    private static readonly Dictionary<string, Func<FakeConnection, Task>> LoginFaults = new()
    {
        ["garbage greeting"] = async server => await server.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray()),
        ["hangs up at once"] = _ => Task.CompletedTask,
        ["hangs up after startup"] = server => server.ReadStartupAsync(),
        ["error without SQLSTATE"] = async server =>
        {
            await server.ReadStartupAsync();
            await server.SendAsync(Backend.Error("FATAL", null, "no code, sorry"));
        },
        ["empty error"] = async server =>
        {
            await server.ReadStartupAsync();
            await server.SendAsync(new WireWriter().Byte(0).Message('E'));
        },
        ["negative length"] = async server =>
        {
            await server.ReadStartupAsync();
            await server.SendAsync([(byte)'R', 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]);
        },
        ["length below four"] = async server =>
        {
            await server.ReadStartupAsync();
            await server.SendAsync([(byte)'R', 0, 0, 0, 3, 0, 0, 0, 0]);
        },
        ["unknown authentication"] = async server =>
        {
            await server.ReadStartupAsync();
            await server.SendAsync(new WireWriter().Int32(99).Message('R'));
        },
        ["truncated authentication"] = async server =>
        {
            await server.ReadStartupAsync();
            await server.SendAsync(new WireWriter().Int16(0).Message('R'));
        },
        ["long SCRAM nonce"] = async server =>
        {
            await server.ReadStartupAsync();
            await server.SendAsync(new WireWriter().Int32(10).Zero("SCRAM-SHA-256").Byte(0).Message('R'));
            await server.ReadMessageAsync();
            await server.SendAsync(new WireWriter().Int32(11).Text($"r={new string('n', 100_000)},s=c2FsdA==,i=4096").Message('R'));
            await server.HangAsync();
        },
        ["half a message"] = async server =>
        {
            await server.ReadStartupAsync();
            await server.SendAsync(Frontend.Concat(Backend.AuthenticationOk, Backend.ParameterStatus("server_version", "15")[..8]));
        },
        ["query result before login"] = async server =>
        {
            await server.ReadStartupAsync();
            await server.SendAsync(Backend.Result("too early"));
            await server.HangAsync();
        },
    };

    private static readonly Dictionary<string, Func<FakeConnection, Task>> QueryFaults = new()
    {
        ["closes in a message"] = server => server.SendAsync(Backend.Result("1")[..20]),
        ["closes before ready"] = server => server.SendAsync(Frontend.Concat(Backend.RowDescription("v"), Backend.Row("1"))),
        ["copy both"] = server => server.SendAsync(Backend.CopyBothResponse),
        ["negative length"] = server => server.SendAsync([(byte)'T', 0x80, 0, 0, 0]),
        ["length below four"] = server => server.SendAsync([(byte)'T', 0, 0, 0, 2, 0, 0]),
        ["unknown message"] = server => server.SendAsync([0x07, 0, 0, 0, 4]),
        ["text instead of messages"] = server => server.SendAsync("segmentation fault (core dumped)\n"u8.ToArray()),
    };

    public static IEnumerable<ITheoryDataRow> AtLogin => Rows(LoginFaults);

    public static IEnumerable<ITheoryDataRow> AtQuery => Rows(QueryFaults);

    [Theory]
    [MemberData(nameof(AtLogin))]
    public async Task Faulty_login_is_refused_and_others_go_on(DataPath path, string fault)
    {
        var (_, pooler) = await StartAsync(path, LoginFaults[fault], config => config.Database(Database, ("query_wait_timeout", 1)));
        await Assert.ThrowsAnyAsync<Exception>(() => pooler.ClientAsync());
        await AssertHealthyAsync(pooler);
    }

    [Theory]
    [MemberData(nameof(AtQuery))]
    public async Task Faulty_answer_ends_the_session_and_others_go_on(DataPath path, string fault)
    {
        var (_, pooler) = await StartAsync(path, async server =>
        {
            await server.LoginAsync();
            await server.ReadQueryAsync("SELECT 1");
            await QueryFaults[fault](server);
        });
        await using var client = await pooler.ClientAsync();
        await client.SendAsync(Frontend.Query("SELECT 1"));
        var messages = await client.ReadToEndAsync();
        Assert.DoesNotContain(messages, message => message.Type == 'Z');
        await AssertHealthyAsync(pooler);
    }

    [Theory]
    [EachDataPath]
    public async Task Flood_of_parameters_at_login_is_survived(DataPath path)
    {
        var flood = Enumerable.Range(0, 5000).Select(i => Backend.ParameterStatus($"parameter_{i % 50}", new string('v', 100)));
        var (_, pooler) = await StartAsync(path, async server =>
        {
            await server.ReadStartupAsync();
            await server.SendAsync(Frontend.Concat(
                [Backend.AuthenticationOk, .. flood, Backend.ParameterStatus("client_encoding", "UTF8"), Backend.KeyData(), Backend.Ready()]));
            await server.ReadQueryAsync("SELECT 1");
            await server.SendAsync(Backend.Result("1"));
            await server.HangAsync();
        });
        await using var client = await pooler.ClientAsync();
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
        await AssertHealthyAsync(pooler);
    }

    [Theory]
    [EachDataPath]
    public async Task Oversize_parameter_harms_nobody_else(DataPath path)
    {
        const int Size = 4 * 1024 * 1024;
        var (_, pooler) = await StartAsync(path, async server =>
        {
            await server.ReadStartupAsync();
            await server.SendAsync(Frontend.Concat(Backend.AuthenticationOk, Backend.ParameterStatus("TimeZone", new string('t', Size))));
            await server.HangAsync();
        });
        await using (var client = await pooler.ConnectAsync())
        {
            await client.SendAsync(Frontend.Startup([("user", Roles.Superuser), ("database", Database)]));
            await AssertHealthyAsync(pooler);
        }
    }

    [Theory]
    [EachDataPath]
    public async Task Second_ready_for_query_does_not_answer_the_next_client(DataPath path)
    {
        var (_, pooler) = await StartAsync(path, async server =>
        {
            await server.LoginAsync();
            while (true)
            {
                var sql = (await server.ReadMessageAsync()).Text();
                await server.SendAsync(Frontend.Concat(Backend.Result(sql), Backend.Ready()));
            }
        });
        for (var i = 0; i < 10; i++)
        {
            await using var client = await pooler.ClientAsync();
            Assert.Equal($"question {i}", await client.ScalarAsync($"question {i}"));
        }
    }

    [Theory]
    [EachDataPath]
    public async Task Error_without_sqlstate_is_passed_on(DataPath path)
    {
        var (_, pooler) = await StartAsync(path, async server =>
        {
            await server.LoginAsync();
            await server.ReadQueryAsync("SELECT 1");
            await server.SendAsync(Frontend.Concat(Backend.Error("ERROR", null, "no code, sorry"), Backend.Ready()));
            await server.ReadQueryAsync("SELECT 2");
            await server.SendAsync(Backend.Result("2"));
            await server.HangAsync();
        });
        await using var client = await pooler.ClientAsync();
        Assert.Equal("no code, sorry", Assert.Single((await client.QueryAsync("SELECT 1")).Errors).Field('M'));
        Assert.Equal("2", await client.ScalarAsync("SELECT 2"));
    }

    private static IEnumerable<ITheoryDataRow> Rows(Dictionary<string, Func<FakeConnection, Task>> faults) =>
        faults.Keys.SelectMany(name => DataPaths.Rows(DataPaths.All, name));

    private static async Task AssertHealthyAsync(TiggerProcess pooler)
    {
        await using var client = await pooler.ClientAsync(database: Healthy);
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }

    private Task<(FakePostgres Fake, TiggerProcess Pooler)> StartAsync(
        DataPath path, Func<FakeConnection, Task> script, Action<TiggerConfigBuilder>? configure = null) =>
        StartFakeAsync(path, script, config =>
        {
            config
                .Set("server_login_retry", 1)
                .Set("server_connect_timeout", 2)
                .Set("client_login_timeout", 8)
                .Set("query_wait_timeout", 8)
                .Database(Healthy, ("host", Topology.Of(path).ServerHost), ("port", Postgres.Port), ("dbname", ServerDatabase));
            configure?.Invoke(config);
        });
}
