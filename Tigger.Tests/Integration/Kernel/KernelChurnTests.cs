using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Connections that come and go: their places in the kernel are used again.</summary>
public sealed class KernelChurnTests(PostgresServer postgres) : KernelTest(postgres)
{
    /// <summary>More than TG_CLIENTS and TG_SERVERS of tg_state.h: were a slot lost with each, there would be none left.</summary>
    private const int Connections = 16_800, Servers = 4_200;

    [RequiresBpfFact]
    public async Task Clients_MoreThanThereAreSlots_AllGetOne()
    {
        const int AtOnce = 8, PoolSize = 4;
        var pooler = await StartKernelAsync(PoolSize);
        await using var console = await pooler.AdminAsync();
        var script = Path.Combine(pooler.Home, "script.sql");

        // Several requests each: the first may come before the handover.
        await File.WriteAllTextAsync(script, "SELECT 1;\nSELECT 2;\nSELECT 3;\nSELECT 4;\n", TestContext.Current.CancellationToken);
        string[] arguments = ["-n", "-C", "-f", script, "-c", $"{AtOnce}", "-j", "2", "-t", $"{Connections / AtOnce}"];
        (await pooler.RunToolAsync("pgbench", arguments, TimeSpan.FromMinutes(5))).Succeeded();
        var counters = await console.CountersAsync();
        Assert.True(counters["kernel_client_entered"] >= Connections, $"{counters["kernel_client_entered"]} clients entered");
        Assert.Equal((0, 0), (counters["kernel_no_slot"], counters["kernel_enter_failed"]));
        Assert.True(counters["kernel_reply"] >= Connections / 2, $"{counters["kernel_reply"]} replies by the kernel");
        await Eventually.EqualAsync(0, async () => (await console.KernelAsync(Database)).Clients, "clients in SHOW KERNEL");
        await AssertBalanceAsync(pooler, console, PoolSize);
    }

    [RequiresBpfFact]
    public async Task Servers_MoreThanThereAreSlots_AllGetOne()
    {
        const int PoolSize = 10;
        var pooler = await StartKernelAsync(PoolSize);
        await using var console = await pooler.AdminAsync();
        var clients = new List<RawClient>();
        for (var i = 0; i < PoolSize; i++)
            clients.Add(Own(await pooler.ClientAsync()));
        while ((await console.CountersAsync())["kernel_server_entered"] < Servers)
        {
            await console.DoAsync($"RECONNECT {Database}");
            await Task.WhenAll(clients.Select(async client => Assert.Equal(["BEGIN"], (await client.QueryAsync("BEGIN")).Succeeded().Tags)));
            await Task.WhenAll(clients.Select(async client => Assert.Equal(["COMMIT"], (await client.QueryAsync("COMMIT")).Succeeded().Tags)));
        }

        var counters = await console.CountersAsync();
        Assert.Equal((0, 0), (counters["kernel_no_slot"], counters["kernel_enter_failed"]));
        await AssertBalanceAsync(pooler, console, PoolSize);
    }
}
