using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Clients are killed, as by the kernel for want of memory: their servers come back or are replaced, and the rest goes on.</summary>
public sealed class ClientFaultTests(PostgresServer postgres) : KernelTest(postgres)
{
    private const int Victims = 4;

    public enum Moment
    {
        Idle,
        Waiting,
        InQuery,
        InTransaction,
    }

    [Theory]
    [EachKernelPath(Moment.Idle)]
    [EachKernelPath(Moment.Waiting)]
    [EachKernelPath(Moment.InQuery)]
    [EachKernelPath(Moment.InTransaction)]
    public async Task Clients_KilledAtAMoment_LeaveTheBalance(DataPath path, Moment moment)
    {
        // Those that wait find no server; those that do not find one each.
        var poolSize = moment == Moment.Waiting ? 1 : Victims;
        var pooler = await StartKernelAsync(poolSize, path: path);
        await using var console = await pooler.AdminAsync();
        await using var holder = await pooler.ClientAsync();
        await holder.ScalarAsync("SELECT 1");
        if (moment == Moment.Waiting)
            await holder.QueryAsync("BEGIN");

        var victims = Enumerable.Range(0, Victims).Select(_ => Own(Psql(pooler, moment))).ToList();
        await ReachAsync(moment, victims, console);
        await Task.WhenAll(victims.Select(victim => victim.KillGroupAsync()));
        if (moment == Moment.Waiting)
            Assert.Equal('I', (await holder.QueryAsync("COMMIT")).Succeeded().Status);
        Assert.Equal("1", await holder.ScalarAsync("SELECT 1"));
        await AssertBalanceAsync(pooler, console, poolSize);
        await Eventually.EqualAsync(1, async () => (await console.KernelAsync(Database)).Clients, "clients in SHOW KERNEL");
    }

    [Theory]
    [EachKernelPath]
    public async Task Clients_FortyKilledAtOnceInTheQueueOfOneServer_LeaveTheBalance(DataPath path)
    {
        const int Count = 40;
        var pooler = await StartKernelAsync(1, path: path);
        await using var console = await pooler.AdminAsync();
        await using var holder = await pooler.ClientAsync();
        await using var patient = await pooler.ClientAsync();
        await holder.QueryAsync("BEGIN");
        var crowd = Own(Pgbench(pooler, Count));
        await console.WaitForPoolAsync("cl_waiting", Count);
        await patient.SendAsync(Frontend.Query("SELECT 'patient'"));
        await console.WaitForPoolAsync("cl_waiting", Count + 1);
        await crowd.KillGroupAsync();
        await holder.QueryAsync("COMMIT");
        Assert.Equal("patient", (await patient.ReadReplyAsync()).Succeeded().Scalar);
        await AssertBalanceAsync(pooler, console, 1);
    }

    /// <summary>As the kernel does with the sockets of a process that is killed with bytes unread: a reset.</summary>
    [Theory]
    [EachKernelPath(true)]
    [EachKernelPath(false)]
    public async Task Clients_GoneWithDataInFlight_LeaveTheBalance(DataPath path, bool receiving)
    {
        const int Rounds = 5, PoolSize = 3;
        var pooler = await StartKernelAsync(PoolSize, path: path);
        await using var console = await pooler.AdminAsync();
        await using var bystander = await pooler.ClientAsync();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < PoolSize; i++)
            {
                await using var victim = await pooler.ClientAsync();
                await EnterKernelAsync(console, victim);
                if (receiving)
                {
                    await victim.SendAsync(Frontend.Query("SELECT repeat('x', 10000) FROM generate_series(1, 10000)"));
                    await victim.ReadAsync();
                }
                else
                {
                    await victim.QueryAsync("BEGIN; CREATE TEMP TABLE lost (v text) ON COMMIT DROP");
                    await victim.SendAsync(Frontend.Query("COPY lost FROM STDIN"));
                    for (var row = 0; row < 200; row++)
                        await victim.SendAsync(Frontend.CopyData([.. Enumerable.Repeat((byte)'x', 10_000), (byte)'\n']));
                }

                victim.Abort();
            }

            Assert.Equal($"{round}", await bystander.ScalarAsync($"SELECT {round}"));
        }

        await AssertBalanceAsync(pooler, console, PoolSize);
    }

    [Theory]
    [EachKernelPath]
    public async Task Clients_KilledInFullRunManyTimes_LeaveTheBalance(DataPath path)
    {
        const int Rounds = 10, Count = 20, PoolSize = 3;
        var pooler = await StartKernelAsync(PoolSize, path: path);
        await using var console = await pooler.AdminAsync();
        await using var bystander = await pooler.ClientAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var transactions = (await console.ShowAsync("STATS_TOTALS")).SingleOrDefault(row => row["database"] == Database)?["xact_count"];
            var crowd = Own(Pgbench(pooler, Count));
            await Eventually.TrueAsync(
                async () => (await console.ShowAsync("STATS_TOTALS")).Single(row => row["database"] == Database)["xact_count"] != transactions,
                "transactions of the crowd");
            Assert.Equal($"{round}", await bystander.ScalarAsync($"SELECT {round}"));
            await crowd.KillGroupAsync();
        }

        await AssertBalanceAsync(pooler, console, PoolSize);
    }

    /// <summary>With a script of its own pgbench asks nothing before it starts, so that all its clients wait at once.</summary>
    private static ChildProcess Pgbench(TiggerProcess pooler, int clients)
    {
        var script = Path.Combine(pooler.Home, "script.sql");
        File.WriteAllText(script, "SELECT 1;\n");
        return ChildProcess.Start(PostgresBinaries.Of("pgbench"), ThroughPooler(pooler, "-n", "-f", script, "-c", $"{clients}", "-j", "2", "-T", "60"), network: pooler.Topology.Clients);
    }

    /// <summary>A psql that stays at the moment until it is killed, and its group with it.</summary>
    private static ChildProcess Psql(TiggerProcess pooler, Moment moment)
    {
        string[] commands = moment switch
        {
            Moment.Idle => ["SELECT 'reached'", @"\! exec sleep 60"],
            Moment.Waiting => ["SELECT 1"],
            // PostgreSQL does not notice that its client is gone before the query ends.
            Moment.InQuery => ["SELECT pg_sleep(3)"],
            _ => ["BEGIN", "SELECT 'reached'", @"\! exec sleep 60"],
        };
        string[] connection = ["-X", "-q", "-A", "-t", "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", Roles.Superuser, "-d", Database];
        return ChildProcess.Start(PostgresBinaries.Of("psql"), [.. connection, .. commands.SelectMany(command => new[] { "-c", command })], network: pooler.Topology.Clients);
    }

    private async Task ReachAsync(Moment moment, List<ChildProcess> victims, AdminConsole console)
    {
        switch (moment)
        {
            case Moment.Waiting:
                await console.WaitForPoolAsync("cl_waiting", Victims);
                break;
            case Moment.InQuery:
                await Eventually.EqualAsync(Victims, () => Postgres.CountBackendsAsync(ServerDatabase, "wait_event = 'PgSleep'"), "sleeping backends");
                break;
            default:
                // psql's output is a pipe and buffered; what it did shows on the server's side only.
                var state = moment == Moment.Idle ? "query LIKE '%reached%'" : "state = 'idle in transaction' AND query LIKE '%reached%'";
                await Eventually.TrueAsync(async () => await Postgres.CountBackendsAsync(ServerDatabase, state) >= (moment == Moment.Idle ? 1 : Victims), "psql there");
                await Eventually.EqualAsync(
                    Victims + 1, async () => (await console.ShowAsync("CLIENTS")).Count(row => row["database"] == Database), "clients connected");
                break;
        }

        Assert.All(victims, victim => Assert.False(victim.HasExited, victim.Error.Text));
    }
}
