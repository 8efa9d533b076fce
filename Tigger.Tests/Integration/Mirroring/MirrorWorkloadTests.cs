using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Mirroring;

/// <summary>After a workload whose transactions do not conflict, the mirror holds what the primary holds.</summary>
public sealed class MirrorWorkloadTests(PostgresServer postgres) : MirrorTest(postgres)
{
    private const int Clients = 4;

    private static int Transactions { get; } = Soak.Choose("TIGGER_MIRROR_TRANSACTIONS", usual: 800, soak: 100_000);

    [Theory]
    [EachLocalDataPath("simple", "transaction")]
    [EachLocalDataPath("extended", "transaction")]
    [EachLocalDataPath("prepared", "transaction")]
    [EachLocalDataPath("prepared", "session")]
    [Trait(Soak.Trait, Soak.Yes)]
    public async Task Bank_of_pgbench(DataPath path, string mode, string poolMode)
    {
        var mirror = await CreateMirrorAsync();
        foreach (var database in new[] { ServerDatabase, mirror })
        {
            string[] initialise = ["-i", "-q", "-s", "1", "-h", PostgresServer.Host, "-p", $"{Postgres.Port}", "-U", Roles.Superuser, database];
            (await PgTools.RunAsync("pgbench", initialise)).Succeeded();
        }

        var config = SetMirrors(NewConfig(path), Mirror(mirror, ("queue_bytes", "512MiB"))).Set("pool_mode", poolMode);
        var pooler = await StartAsync(config);
        var each = Transactions / Clients;
        string[] arguments = ["-n", "-M", mode, "-c", $"{Clients}", "-j", $"{Clients}", "-t", $"{each}", "--random-seed=42"];
        var run = (await pooler.RunToolAsync("pgbench", arguments, TimeSpan.FromMinutes(20))).Succeeded();
        Assert.Equal(each * Clients, run.Transactions);

        await using var console = await pooler.AdminAsync();
        var counts = await SettledAsync(console);
        Assert.Equal(0, Number(counts, "dropped"));
        Assert.Equal(Number(counts, "sent"), Number(counts, "both_ok"));
        Assert.InRange(Number(counts, "mirrored"), run.Transactions, long.MaxValue);
        await AssertSameAsync(mirror, "*", "pgbench_accounts");
        await AssertSameAsync(mirror, "*", "pgbench_tellers");
        await AssertSameAsync(mirror, "*", "pgbench_branches");
        await AssertSameAsync(mirror, "tid, bid, aid, delta", "pgbench_history");
    }

    [Theory]
    [EachLocalDataPath("transaction")]
    [EachLocalDataPath("session")]
    [Trait(Soak.Trait, Soak.Yes)]
    public async Task Errors_rollbacks_copies_and_pipelines(DataPath path, string poolMode)
    {
        var mirror = await CreateMirrorAsync();
        for (var i = 0; i < Clients; i++)
            await OnBothAsync(mirror, $"CREATE TABLE t{i} (k int PRIMARY KEY, v text)");
        var config = SetMirrors(NewConfig(path), Mirror(mirror, ("queue_bytes", "512MiB"))).Set("pool_mode", poolMode);
        var pooler = await StartAsync(config);
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => MixedClient.RunAsync(pooler, i, Transactions / Clients)));

        await using var console = await pooler.AdminAsync();
        var counts = await SettledAsync(console);
        Assert.Equal(clients.Sum(client => client.Transactions), Number(counts, "sent"));
        Assert.Equal(clients.Sum(client => client.Failures), Number(counts, "same_error"));
        Assert.Equal(0, Number(counts, "dropped"));
        Assert.Equal(Number(counts, "sent"), Number(counts, "both_ok") + Number(counts, "same_error"));
        for (var i = 0; i < Clients; i++)
            await AssertSameAsync(mirror, "*", $"t{i}");
    }
}
