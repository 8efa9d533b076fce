namespace Tigger.Tests.Fixtures;

/// <summary>After whatever happened: no server is lost, none is held by nobody, and the pool can do all it is configured for.</summary>
public sealed class KernelBalance(TiggerProcess pooler, PostgresServer postgres, string serverDatabase, string database = PoolerTest.Database)
{
    /// <summary>To be called with no client at work. Ends with the pool full and idle.</summary>
    public async Task AssertAsync(AdminConsole console, int poolSize)
    {
        // On the user path there are no such books.
        if (!pooler.Config.DataPath.IsInKernel())
            return;
        await AssertQuietAsync(console, poolSize);
        await AssertFullSizeUsableAsync(poolSize);
        var pool = await AssertQuietAsync(console, poolSize);
        Assert.Equal((poolSize, poolSize), (pool.Servers, pool.Idle));
    }

    private async Task<KernelPool> AssertQuietAsync(AdminConsole console, int poolSize)
    {
        KernelPool? pool = null;
        long backends = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                pool = await console.KernelAsync(database);
                Assert.True(pool.InKernel, $"{pool}");
                Assert.True(pool.Adds, $"servers are missing or counted twice: {pool}");
                Assert.True(pool.Servers <= poolSize, $"more than {poolSize} servers: {pool}");
                backends = await postgres.CountBackendsAsync(serverDatabase);
                return pool.Quiet && backends == pool.Servers;
            },
            () => $"balance: {backends} backends, {pool}");
        await Eventually.EqualAsync(0, () => console.PoolNumberAsync("cl_waiting", database: database), "SHOW POOLS cl_waiting");
        await Eventually.EqualAsync(0, () => console.PoolNumberAsync("sv_active", database: database), "SHOW POOLS sv_active");
        return pool!;
    }

    /// <summary>As many transactions at once as the pool has servers: each server is good, and none is hidden.</summary>
    private async Task AssertFullSizeUsableAsync(int poolSize)
    {
        var clients = new List<RawClient>();
        var pids = new HashSet<int>();
        try
        {
            for (var i = 0; i < poolSize; i++)
            {
                clients.Add(await pooler.ClientAsync(database: database));
                Assert.Equal('T', (await clients[i].QueryAsync("BEGIN")).Succeeded().Status);
                Assert.True(pids.Add(await clients[i].BackendPidAsync()), "two clients with one server");
            }

            foreach (var client in clients)
                Assert.Equal('I', (await client.QueryAsync("COMMIT")).Succeeded().Status);
        }
        finally
        {
            foreach (var client in clients)
                await client.DisposeAsync();
        }
    }
}
