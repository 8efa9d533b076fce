namespace Tigger.Tests.Fixtures;

/// <summary>What most integration tests share: one pooler in front of a database of the test's own, both gone at the end.</summary>
public abstract class PoolerTest(PostgresServer postgres) : IAsyncLifetime
{
    /// <summary>The name clients use; the pooler maps it to the database of the test.</summary>
    public const string Database = "db";

    private readonly List<TiggerProcess> _poolers = [];
    private readonly List<IAsyncDisposable> _owned = [];
    private string? _serverDatabase;

    protected PostgresServer Postgres { get; } = postgres;

    /// <summary>The name of the test's database on the server.</summary>
    protected string ServerDatabase => _serverDatabase!;

    public async ValueTask InitializeAsync() => _serverDatabase = await Postgres.CreateDatabaseAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            foreach (var pooler in _poolers)
                TestContext.Current.TestOutputHelper?.WriteLine($"--- log of the pooler on port {pooler.Port}\n{pooler.Log.Text}");
        }

        var faults = new List<Exception>();
        foreach (var owned in Enumerable.Reverse(_owned))
        {
            try
            {
                await owned.DisposeAsync();
            }
            catch (Exception e)
            {
                faults.Add(e);
            }
        }

        await Postgres.DropDatabaseAsync(ServerDatabase);
        GC.SuppressFinalize(this);
        if (faults.Count > 0)
            throw new AggregateException(faults);
    }

    /// <summary>Keeps something until the end of the test, also when the test fails.</summary>
    protected T Own<T>(T thing)
        where T : IAsyncDisposable
    {
        _owned.Add(thing);
        return thing;
    }

    /// <summary>The configuration most tests start from: trust, transaction pooling, console for postgres.</summary>
    protected TiggerConfigBuilder NewConfig(DataPath path, int? serverPort = null)
    {
        var topology = Topology.Of(path);
        var config = new TiggerConfigBuilder { DataPath = path }
            .Set("data_path", path.Setting())
            .Set("listen_addr", topology.PoolerHost)
            .Set("unix_socket_dir", "")
            .Set("auth_type", "trust")
            .Set("pool_mode", "transaction")
            .Set("admin_users", new[] { Roles.Superuser })
            .Database(Database, ("host", topology.ServerHost), ("port", serverPort ?? Postgres.Port), ("dbname", ServerDatabase));
        // Left to itself the pooler would not: it does not pay.
        if (path is DataPath.KernelRemote)
            config.Set("kernel_path", "force");
        foreach (var role in new[] { Roles.Superuser, Roles.Alice, Roles.Bob, Roles.Trust, Roles.Md5, Roles.Scram, Roles.Plain })
            config.User(role, ("password", Roles.PasswordOf(role)));
        return config;
    }

    protected Task<TiggerProcess> StartAsync(DataPath path, Action<TiggerConfigBuilder>? configure = null, Action<TiggerProcess>? prepare = null)
    {
        var config = NewConfig(path);
        configure?.Invoke(config);
        return StartAsync(config, prepare);
    }

    protected async Task<TiggerProcess> StartAsync(TiggerConfigBuilder config, Action<TiggerProcess>? prepare = null)
    {
        var pooler = Own(await TiggerProcess.StartAsync(config, prepare));
        _poolers.Add(pooler);
        return pooler;
    }

    /// <summary>Starts a scripted server and a pooler that takes it for PostgreSQL.</summary>
    protected async Task<(FakePostgres Fake, TiggerProcess Pooler)> StartFakeAsync(
        DataPath path, Func<FakeConnection, Task> script, Action<TiggerConfigBuilder>? configure = null)
    {
        var fake = Own(FakePostgres.Start(script, Topology.Of(path).ServerHost));
        var config = NewConfig(path, fake.Port).Set("server_check_query", "");
        configure?.Invoke(config);
        return (fake, await StartAsync(config));
    }

    /// <summary>
    /// Sends the same bytes through the pooler and straight to PostgreSQL and wants the same replies. ParameterStatus is
    /// left out: a pooler may send more of them.
    /// </summary>
    protected async Task AssertLikeDirectAsync(RawClient pooled, int replies, params IEnumerable<byte[]> messages)
    {
        var bytes = Frontend.Concat(messages);
        await using var direct = await Postgres.ConnectRawAsync(ServerDatabase);
        await direct.SendAsync(bytes);
        var expected = Describe(await direct.ReadRepliesAsync(replies));
        await pooled.SendAsync(bytes);
        Assert.Equal(expected, Describe(await pooled.ReadRepliesAsync(replies)));
        Assert.True(await pooled.IsSilentForAsync(TimeSpan.FromMilliseconds(20)), "bytes after the last ReadyForQuery");
    }

    protected static IReadOnlyList<string> Describe(IEnumerable<QueryReply> replies) =>
        replies.SelectMany(reply => reply.Messages).Where(message => message.Type != 'S').Select(message => message.ToString()).ToList();
}
