using System.Globalization;
using System.Net.Sockets;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Thousands of clients that break every rule: the polite one beside them notices nothing, and nothing of them stays.</summary>
public sealed class RudenessTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const int Connections = 2_000, AtOnce = 32, Servers = 3;

    [Theory]
    [EachDataPath]
    public Task Proxy_GarbageInsteadOfALogin_ServesOthersAndLeaksNothing(DataPath path) =>
        AssertUnharmedAsync(path, "startup_invalid", async (pooler, seed) =>
        {
            var random = new Random(seed);
            await using var rude = await pooler.ConnectAsync();
            await rude.SendAsync(Rudeness.Opening(seed % Rudeness.Openings, random));
            await LeaveAsync(rude, random);
        });

    [Theory]
    [EachDataPath]
    public Task Proxy_GarbageAfterTheLogin_ServesOthersAndLeaksNothing(DataPath path) =>
        AssertUnharmedAsync(path, "client_violation", async (pooler, seed) =>
        {
            var random = new Random(seed);
            await using var rude = await pooler.ClientAsync();
            await rude.SendAsync(Rudeness.Session(random));
            await LeaveAsync(rude, random);
        });

    private async Task AssertUnharmedAsync(DataPath path, string counter, Func<TiggerProcess, int, Task> misbehaveAsync)
    {
        var pooler = await StartAsync(path, config => config.Set("default_pool_size", Servers).Set("max_client_conn", Connections));
        await using var admin = await pooler.AdminAsync();
        await using var polite = await pooler.ClientAsync();
        await polite.ScalarAsync("SELECT 1");
        var files = pooler.OpenFiles();
        using var over = new CancellationTokenSource();
        var politeness = Task.Run(() => AskUntilAsync(polite, over.Token));

        await Parallel.ForEachAsync(
            Enumerable.Range(1, Connections),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (seed, _) => await IgnoringHangUpAsync(() => misbehaveAsync(pooler, seed)));
        await over.CancelAsync();
        Assert.True(await politeness > 0, "the polite client got no answer");

        Assert.False(pooler.HasExited);
        await Eventually.EqualAsync("2 0", () => ListsAsync(admin), "used_clients and login_clients in SHOW LISTS");
        await admin.WaitForPoolAsync("cl_active", 1);
        await admin.WaitForPoolAsync("cl_waiting", 0);
        await admin.WaitForPoolAsync("sv_active", 0);
        await Eventually.TrueAsync(
            async () => await Postgres.CountBackendsAsync(ServerDatabase) == await ServersAsync(admin), "as many backends as servers");
        Assert.InRange(await ServersAsync(admin), 0, Servers);
        Assert.Equal(0, await Postgres.CountBackendsAsync(ServerDatabase, "state LIKE 'idle in transaction%'"));
        await Eventually.TrueAsync(() => pooler.OpenFiles() < files + Servers, "no descriptors but those of servers were added");
        if (!PoolerProgram.IsReference)
            Assert.InRange((await admin.CountersAsync())[counter], Connections / 50, Connections);
        Assert.Equal("1", await polite.ScalarAsync("SELECT 1"));
    }

    /// <summary>Questions whose answers are known; returns how many were answered.</summary>
    private static async Task<int> AskUntilAsync(RawClient client, CancellationToken over)
    {
        var asked = 0;
        for (; !over.IsCancellationRequested; asked++)
        {
            var reply = asked % 2 == 0 ? await client.QueryAsync($"SELECT {asked} + 1") : await client.ExtendedAsync("SELECT $1::int + 1", $"{asked}");
            Assert.Equal($"{asked + 1}", reply.Succeeded().Scalar);
            Assert.Equal('I', reply.Status);
        }

        return asked;
    }

    private static async Task LeaveAsync(RawClient rude, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                rude.Abort();
                break;
            case 1:
                rude.HalfClose();
                await rude.ReadToEndAsync();
                break;
            case 2:
                await rude.IsSilentForAsync(TimeSpan.FromMilliseconds(random.Next(1, 20)));
                break;
        }
    }

    /// <summary>A rude client may be thrown out at any moment, also in the middle of its own words.</summary>
    private static async Task IgnoringHangUpAsync(Func<Task> misbehaveAsync)
    {
        try
        {
            await misbehaveAsync();
        }
        catch (Exception fault) when (fault is SocketException or EndOfStreamException)
        {
            // It was asking for it.
        }
    }

    private static async Task<string> ListsAsync(AdminConsole admin)
    {
        var rows = (await admin.ShowAsync("LISTS")).ToDictionary(row => row["list"]!, row => row["items"]);
        return $"{rows["used_clients"]} {rows["login_clients"]}";
    }

    private static async Task<int> ServersAsync(AdminConsole admin) =>
        int.Parse((await admin.ShowAsync("LISTS")).Single(row => row["list"] == "used_servers")["items"]!, CultureInfo.InvariantCulture);
}
