using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>What tests of nothing but the kernel path share.</summary>
public abstract class KernelTest(PostgresServer postgres) : PoolerTest(postgres)
{
    /// <summary>A pooler on the kernel path, with one pool of the given size for the database of the test.</summary>
    protected Task<TiggerProcess> StartKernelAsync(int poolSize, Action<TiggerConfigBuilder>? configure = null) =>
        StartAsync(DataPath.Kernel, config =>
        {
            config.Set("default_pool_size", poolSize).Set("max_client_conn", 1000);
            configure?.Invoke(config);
        });

    protected Task AssertBalanceAsync(TiggerProcess pooler, AdminConsole console, int poolSize) =>
        new KernelBalance(pooler, Postgres, ServerDatabase).AssertAsync(console, poolSize);

    /// <summary>pgbench's tables in the database of the test.</summary>
    protected async Task InitialisePgbenchAsync() => (await PgTools.RunAsync(
        "pgbench", ["-i", "-q", "-s", "1", "-h", PostgresServer.Host, "-p", $"{Postgres.Port}", "-U", Roles.Superuser, ServerDatabase])).Succeeded();

    /// <summary>What pgbench needs to reach the pooler, behind the given arguments.</summary>
    protected static string[] ThroughPooler(TiggerProcess pooler, params IEnumerable<string> arguments) =>
        [.. arguments, "-h", TiggerProcess.Host, "-p", $"{pooler.Port}", "-U", Roles.Superuser, Database];
}
