using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>SHOW KERNEL: which pools are in the kernel, why not, and where their servers are.</summary>
public sealed class ShowKernelTests(PostgresServer postgres) : KernelTest(postgres)
{
    private static readonly string[] Columns =
    [
        "database", "user", "path", "reason", "servers", "idle", "linked", "granted", "user_space", "clients", "waiting", "remote_clients", "mirrors",
    ];

    [RequiresBpfFact]
    public async Task ShowKernel_ClientsAtWork_TellsWhereEveryServerIs()
    {
        var pooler = await StartKernelAsync(2);
        await using var console = await pooler.AdminAsync();
        var reply = (await console.RunAsync("SHOW KERNEL")).Succeeded();
        Assert.Equal(Columns, reply.Messages.First(message => message.Type == 'T').Columns().Select(column => column.Name));

        await using var a = await pooler.ClientAsync();
        await using var b = await pooler.ClientAsync();
        await using var c = await pooler.ClientAsync();
        await EnterKernelAsync(console, a, b, c);
        await a.QueryAsync("BEGIN");
        await AssertPoolAsync(pool => (pool.Linked + pool.Granted, pool.Waiting, pool.Clients) == (1, 0, 3));
        await b.QueryAsync("BEGIN");
        await c.SendAsync(Frontend.Query("SELECT 1"));
        await AssertPoolAsync(pool => (pool.Servers, pool.Idle, pool.Linked + pool.Granted, pool.Waiting) == (2, 0, 2, 1));
        await a.QueryAsync("COMMIT");
        await b.QueryAsync("COMMIT");
        await c.ReadReplyAsync();
        await AssertPoolAsync(pool => (pool.Servers, pool.Idle, pool.Linked, pool.Waiting) == (2, 2, 0, 0));

        async Task AssertPoolAsync(Func<KernelPool, bool> expected)
        {
            KernelPool? pool = null;
            await Eventually.TrueAsync(
                async () =>
                {
                    pool = await console.KernelAsync(Database);
                    Assert.True(pool is { InKernel: true, Reason: "", Adds: true }, $"{pool}");
                    return expected(pool);
                },
                () => $"{pool}");
        }
    }

    [RequiresBpfFact]
    public async Task ShowKernel_PoolsThatCannot_SayWhy()
    {
        var pooler = await StartAsync(NewConfig(DataPath.Kernel).Set("data_path", "auto")
            .Database("by_socket", ("host", Postgres.SocketDirectory), ("port", Postgres.Port), ("dbname", ServerDatabase))
            .Database("by_statement", ("host", PostgresServer.Host), ("port", Postgres.Port), ("dbname", ServerDatabase), ("pool_mode", "statement"))
            .Database("by_choice", ("host", PostgresServer.Host), ("port", Postgres.Port), ("dbname", ServerDatabase), ("data_path", "user"))
            .Database("by_session", ("host", PostgresServer.Host), ("port", Postgres.Port), ("dbname", ServerDatabase), ("pool_mode", "session")));
        await using var console = await pooler.AdminAsync();
        foreach (var (database, kernel) in new[] { (Database, true), ("by_session", true), ("by_socket", false), ("by_statement", false), ("by_choice", false) })
        {
            await using var client = await pooler.ClientAsync(database: database);
            Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
            var pool = await console.KernelAsync(database);
            Assert.True(pool.InKernel == kernel && pool.Reason.Length > 0 != kernel, $"{pool}");
        }
    }

    [RequiresBpfFact]
    public async Task ShowCounters_OnTheKernelPath_NamesTheKernelsCounters()
    {
        var pooler = await StartKernelAsync(1);
        await using var console = await pooler.AdminAsync();
        var counters = await console.CountersAsync();
        foreach (var name in new[]
        {
            "client_entered", "server_entered", "request", "reply", "link", "release", "wait", "grant", "park", "handed_on", "escape_terminate",
            "escape_named", "escape_split", "escape_budget_reply", "escape_reply", "unasked", "frame_failed", "event_lost",
        })
        {
            Assert.Contains("kernel_" + name, counters.Keys);
        }
    }

    [Fact]
    public async Task ShowCounters_OnTheUserPath_NamesNoneOfTheKernels()
    {
        var pooler = await StartAsync(DataPath.User);
        await using var console = await pooler.AdminAsync();
        Assert.DoesNotContain((await console.CountersAsync()).Keys, name => name.StartsWith("kernel_", StringComparison.Ordinal));
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        var pool = await console.KernelAsync(Database);
        Assert.Equal(("user", "data_path = user", 1, 1, 1), (pool.Path, pool.Reason, pool.Servers, pool.UserSpace, pool.Clients));
        Assert.Empty(await console.ShowAsync("KERNEL_TIMES"));
    }

    [RequiresBpfFact]
    public async Task ShowHelp_Always_MentionsKernel()
    {
        var pooler = await StartKernelAsync(1);
        await using var console = await pooler.AdminAsync();
        var help = (await console.RunAsync("SHOW HELP")).Succeeded();
        Assert.Contains("KERNEL", Assert.Single(help.Notices).Field('D'), StringComparison.Ordinal);
    }
}
