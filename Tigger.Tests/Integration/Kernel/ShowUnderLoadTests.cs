using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Slots change while they are shown: the console shows something sensible all the same, and never fails.</summary>
public sealed class ShowUnderLoadTests(PostgresServer postgres) : KernelTest(postgres)
{
    private static readonly string[] Commands =
    [
        "POOLS", "CLIENTS", "SERVERS", "SOCKETS", "ACTIVE_SOCKETS", "DATABASES", "LISTS", "MEM", "FDS", "STATS", "TOTALS", "COUNTERS", "KERNEL_TIMES", "TIMES",
    ];

    [RequiresBpfFact]
    public async Task Show_EverythingWhileClientsWork_AddsUp()
    {
        const int PoolSize = 4, Clients = 12;
        var pooler = await StartKernelAsync(PoolSize);
        await InitialisePgbenchAsync();
        await using var console = await pooler.AdminAsync();
        var states = new HashSet<string?>();
        var links = 0;
        var load = Task.Run(() => pooler.RunToolAsync("pgbench", ["-n", "-N", "-C", "-c", $"{Clients}", "-j", "2", "-T", "3"]));
        var steady = Task.Run(() => pooler.RunToolAsync("pgbench", ["-n", "-S", "-c", $"{Clients}", "-j", "2", "-T", "3"]));
        while (!load.IsCompleted || !steady.IsCompleted)
        {
            foreach (var command in Commands)
                (await console.RunAsync("SHOW " + command)).Succeeded();
            foreach (var pool in await console.KernelAsync())
                Assert.True(pool.Adds && pool.Servers <= PoolSize, $"{pool}");
            foreach (var pool in await console.ShowAsync("POOLS"))
            {
                Assert.DoesNotContain("-", string.Concat(pool.Where(pair => pair.Key.StartsWith("cl_", StringComparison.Ordinal) || pair.Key.StartsWith("sv_", StringComparison.Ordinal)).Select(pair => pair.Value)));
                Assert.DoesNotContain("-", pool["maxwait"] + pool["maxwait_us"]);
            }

            foreach (var client in (await console.ShowAsync("CLIENTS")).Where(row => row["database"] == Database))
            {
                states.Add(client["state"]);
                Assert.Equal(client["state"] == "active", client["link"] != "");
                Assert.DoesNotContain("-", client["wait"] + client["wait_us"]);
                links += client["link"] == "" ? 0 : 1;
            }
        }

        (await load).Succeeded();
        (await steady).Succeeded();
        Assert.Superset(new HashSet<string?> { "active", "waiting" }, states);
        Assert.True(links > 0);
        await AssertBalanceAsync(pooler, console, PoolSize);
    }
}
