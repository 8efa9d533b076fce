using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>What tests of nothing but the kernel path share.</summary>
public abstract class KernelTest(PostgresServer postgres) : PoolerTest(postgres)
{
    /// <summary>A pooler on the kernel path, with one pool of the given size for the database of the test.</summary>
    protected Task<TiggerProcess> StartKernelAsync(
        int poolSize, Action<TiggerConfigBuilder>? configure = null, DataPath path = DataPath.Kernel) =>
        StartAsync(path, config =>
        {
            config.Set("default_pool_size", poolSize).Set("max_client_conn", 1000);
            configure?.Invoke(config);
        });

    /// <summary>Runs queries until one finds the client in the kernel: at first it is in user space, which it may take more than one to leave.</summary>
    protected static async Task EnterKernelAsync(AdminConsole console, params IEnumerable<RawClient> clients)
    {
        foreach (var client in clients)
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    var before = await KernelCounters.ReadAsync(console);
                    Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
                    return (await KernelCounters.SinceAsync(console, before))["request"] > 0;
                },
                "a query in the kernel");
        }
    }

    protected Task AssertBalanceAsync(TiggerProcess pooler, AdminConsole console, int poolSize) =>
        new KernelBalance(pooler, Postgres, ServerDatabase).AssertAsync(console, poolSize);

    /// <summary>pgbench's tables in the database of the test.</summary>
    protected async Task InitialisePgbenchAsync() => (await PgTools.RunAsync(
        "pgbench", ["-i", "-q", "-s", "1", "-h", PostgresServer.Host, "-p", $"{Postgres.Port}", "-U", Roles.Superuser, ServerDatabase])).Succeeded();

    /// <summary>pgbench -S from where the clients are, and every transaction of it done.</summary>
    protected static async Task RunPgbenchAsync(TiggerProcess pooler, int clients, int each, string mode)
    {
        string[] arguments = ["-n", "-S", "-M", mode, "-c", $"{clients}", "-j", "2", "-t", $"{each}"];
        var run = (await pooler.RunToolAsync("pgbench", arguments, TimeSpan.FromSeconds(120))).Succeeded();
        Assert.Equal(each * clients, run.Transactions);
    }

    /// <summary>What pgbench needs to reach the pooler, behind the given arguments.</summary>
    protected static string[] ThroughPooler(TiggerProcess pooler, params IEnumerable<string> arguments) =>
        [.. arguments, "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", Roles.Superuser, Database];
}
