using System.Globalization;
using Tigger.Tests.Fixtures;
using Tigger.Tests.Integration.Kernel;

namespace Tigger.Tests.Integration.Mirroring;

/// <summary>Mirroring where the kernel moves the bytes: the programs copy what clients send, and throw away what mirrors answer.</summary>
public sealed class KernelMirrorTests(PostgresServer postgres) : MirrorTest(postgres)
{
    private const int Clients = 4;
    private const int Servers = 5, CrossTalkClients = 100;

    private static readonly TimeSpan TracedTime = TimeSpan.FromSeconds(3);

    private static int Transactions { get; } = Soak.Choose("TIGGER_MIRROR_TRANSACTIONS", usual: 4_000, soak: 100_000);

    private static int Questions { get; } = Soak.Choose(20_000, 400_000);

    [Theory]
    [EachKernelPath]
    [Trait(Soak.Trait, Soak.Yes)]
    public async Task Bank_of_pgbench_without_user_space(DataPath path)
    {
        var mirror = await CreateBankAsync();
        var pooler = await StartAsync(path, config => SetMirrors(config, Near(path, mirror)));
        await using var console = await pooler.AdminAsync();
        var each = Transactions / Clients;
        string[] arguments = ["-n", "-c", $"{Clients}", "-j", "2", "-t", $"{each}", "--random-seed=7"];
        var before = await KernelCounters.ReadAsync(console);
        var run = (await pooler.RunToolAsync("pgbench", arguments, TimeSpan.FromMinutes(20))).Succeeded();
        Assert.Equal(each * Clients, run.Transactions);
        var grown = await KernelCounters.SinceAsync(console, before);
        Assert.True(grown["request"] > Transactions, $"{grown}");

        var counts = await SettledAsync(console);
        Assert.Equal(0, Number(counts, "dropped"));
        Assert.Equal(Number(counts, "sent"), Number(counts, "both_ok"));
        Assert.InRange(Number(counts, "mirrored"), each * Clients, (each * Clients) + Clients);
        foreach (var table in new[] { "pgbench_accounts", "pgbench_tellers", "pgbench_branches" })
            await AssertSameAsync(mirror, "*", table);
        await AssertSameAsync(mirror, "tid, bid, aid, delta", "pgbench_history");
    }

    /// <summary>Neither the primary's sockets nor a mirror's answers are read; what is sent, goes to the mirror.</summary>
    [RequiresBpfFact]
    public async Task Transactions_under_strace_receive_nothing()
    {
        Assert.SkipUnless(Strace.IsThere, "no strace to see how BPF spares system calls");
        var mirror = await CreateBankAsync();
        var pooler = await StartAsync(DataPath.Kernel, config => SetMirrors(config, Mirror(mirror, ("queue_bytes", "1MiB"))));
        await using var console = await pooler.AdminAsync();
        var start = await KernelCounters.ReadAsync(console);
        await using var pgbench = ChildProcess.Start(
            PostgresBinaries.Of("pgbench"),
            ["-n", "-S", "-c", $"{Clients}", "-T", "120", "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", Roles.Superuser, Database]);
        await Eventually.TrueAsync(
            async () => (await KernelCounters.SinceAsync(console, start))["request"] > 2000 && Number(await CountsAsync(console), "mirrored") > 500,
            "all clients in the kernel");
        var before = await KernelCounters.ReadAsync(console);
        var mirrored = Number(await CountsAsync(console), "mirrored");
        await using var strace = await Strace.AttachAsync(pooler.Pid, "recvfrom,recvmsg,readv");
        await Task.Delay(TracedTime, TestContext.Current.CancellationToken);
        var calls = await strace.DetachAsync();
        var grown = await KernelCounters.SinceAsync(console, before);
        mirrored = Number(await CountsAsync(console), "mirrored") - mirrored;
        await pgbench.KillGroupAsync();
        Assert.True(grown["request"] > 500, $"{grown}");
        Assert.True(mirrored > 100, $"{mirrored} mirrored");
        Assert.Equal("", string.Join(", ", calls.Select(pair => $"{pair.Key} {pair.Value}")));
    }

    /// <summary>While nobody reads what is copied, clients go on; what did not fit is lost by transactions, and counted.</summary>
    [RequiresBpfFact]
    public async Task Copies_that_nobody_reads_are_dropped_whole_and_counted()
    {
        const int Count = 150, InKernel = 50;
        var mirror = await CreateMirrorAsync();
        await OnBothAsync(mirror, "CREATE TABLE log (n int, half int, filler text)");
        var pooler = await StartAsync(DataPath.Kernel, config => SetMirrors(config, Mirror(mirror)).Set("kernel_mirror_buffer", "512KiB"));
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        for (var n = 0; n < InKernel; n++)
            await InsertTwiceAsync(client, n);
        await SettledAsync(console);

        Assert.Equal(0, LibC.Kill(pooler.Pid, (int)Signal.Stop));
        try
        {
            for (var n = 0; n < Count; n++)
                await InsertTwiceAsync(client, InKernel + n);
        }
        finally
        {
            Assert.Equal(0, LibC.Kill(pooler.Pid, (int)Signal.Cont));
        }

        // What fitted has been read: there is room again.
        await SettledAsync(console);
        for (var n = 0; n < InKernel; n++)
            await InsertTwiceAsync(client, InKernel + Count + n);
        var counts = await SettledAsync(console);
        const int All = Count + (2 * InKernel);
        Assert.Equal(All, Number(counts, "sent"));
        Assert.InRange(Number(counts, "ring_full"), 1, Count);
        Assert.Equal(Number(counts, "dropped"), Number(counts, "ring_full"));
        Assert.Equal(All - Number(counts, "dropped"), Number(counts, "both_ok"));

        // Every transaction is there with both its halves or not at all.
        const string Halves = "SELECT count(*) || ' ' || count(DISTINCT n) FROM log";
        Assert.Equal($"{2 * All} {All}", await Postgres.ScalarAsync<string>(Halves, ServerDatabase));
        Assert.Equal($"{2 * Number(counts, "both_ok")} {Number(counts, "both_ok")}", await Postgres.ScalarAsync<string>(Halves, mirror));

        // Of the first one behind a gap it cannot be said whether the gap reaches into it.
        var after = await Postgres.ScalarAsync<long>($"SELECT count(DISTINCT n) FROM log WHERE n >= {InKernel + Count}", mirror);
        Assert.InRange(after, InKernel - 1, InKernel);
    }

    [Theory]
    [EachKernelPath]
    [Trait(Soak.Trait, Soak.Yes)]
    public async Task Every_answer_belongs_to_its_question(DataPath path)
    {
        var mirror = await CreateMirrorAsync();
        var pooler = await StartAsync(
            path,
            config => SetMirrors(config, Near(path, mirror)).Set("default_pool_size", Servers).Set("max_client_conn", CrossTalkClients * 4));
        var workers = Enumerable.Range(1, CrossTalkClients)
            .Select(number => new CrossTalkWorker(pooler, number, Questions / CrossTalkClients)).ToList();
        var work = Task.WhenAll(workers.Select(worker => worker.RunAsync()));
        await new CrossTalkDisturber(pooler, Servers).RunAsync(work);
        await work;
        Assert.InRange(workers.Sum(worker => worker.Answered), Questions * 8 / 10, int.MaxValue);
        await using var console = await pooler.AdminAsync();
        var counts = await SettledAsync(console);
        Assert.Equal(0, Number(counts, "ring_full"));
        Assert.True(Number(counts, "mirrored") > Questions / 2, string.Join(", ", counts));
    }

    [RequiresBpfFact]
    public async Task Mirror_added_by_a_reload_gets_what_sessions_in_the_kernel_do_next()
    {
        var mirror = await CreateMirrorAsync();
        await OnBothAsync(mirror, "CREATE TABLE log (n int, half int, filler text)");
        var pooler = await StartAsync(DataPath.Kernel);
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        for (var n = 0; n < 20; n++)
            await InsertTwiceAsync(client, n);
        SetMirrors(pooler.Config, Mirror(mirror));
        pooler.WriteConfig();
        await console.DoAsync("RELOAD");
        await Eventually.TrueAsync(
            async () =>
            {
                await InsertTwiceAsync(client, 20);
                return Number(await SettledAsync(console), "mirrored") > 20;
            },
            "its transactions are mirrored");
        Assert.Equal("kernel", (await console.ShowAsync("KERNEL")).Single()["path"]);
        SetMirrors(pooler.Config);
        pooler.WriteConfig();
        await console.DoAsync("RELOAD");
        await InsertTwiceAsync(client, 21);
        Assert.Empty(await console.ShowAsync("MIRRORS"));
    }

    /// <summary>A mirror where the primary is, as the pooler sees it.</summary>
    private (string Key, object Value)[] Near(DataPath path, string mirror) =>
        Mirror(mirror, ("host", Topology.Of(path).ServerHost), ("queue_bytes", "512MiB"));

    private static async Task InsertTwiceAsync(RawClient client, int n)
    {
        (await client.QueryAsync("BEGIN")).Succeeded();
        for (var half = 0; half < 2; half++)
            (await client.QueryAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO log VALUES ({n}, {half}, '{new string('x', 1500)}')"))).Succeeded();
        (await client.QueryAsync("COMMIT")).Succeeded();
    }

    private async Task<string> CreateBankAsync()
    {
        var mirror = await CreateMirrorAsync();
        foreach (var database in new[] { ServerDatabase, mirror })
        {
            string[] initialise = ["-i", "-q", "-s", "1", "-h", PostgresServer.Host, "-p", $"{Postgres.Port}", "-U", Roles.Superuser, database];
            (await PgTools.RunAsync("pgbench", initialise)).Succeeded();
        }

        return mirror;
    }
}
