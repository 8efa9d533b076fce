using System.Diagnostics;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Clients that have been in user space come back to the kernel, whether they pause or not.</summary>
public sealed class KernelReturnTests(PostgresServer postgres) : KernelTest(postgres)
{
    private const int Turns = 300, QueriesOfATurn = 4, Rounds = 200, LongestPause = 200;

    /// <summary>
    /// On one processor with Tigger, and before it whenever there is something to do: such a client has always sent its next
    /// request before Tigger does anything after the answer. What it begins with, each time, is for user space.
    /// </summary>
    [Theory]
    [EachKernelPath]
    public async Task Client_ThatIsAlwaysFasterThanTigger_IsInTheKernelWithItsNextRequest(DataPath path)
    {
        Assert.SkipUnless(
            (await PgTools.RunProgramAsync("chrt", ["-f", "1", "true"])).ExitCode == 0, "no real-time priority to be had: nobody is always faster");
        var pooler = await StartKernelAsync(2, path: path);
        await using var console = await pooler.AdminAsync();
        var processor = FirstProcessor();
        (await PgTools.RunProgramAsync("taskset", ["-a", "-p", "-c", processor, $"{pooler.Pid}"])).Succeeded();
        var script = Path.Combine(pooler.Home, "turn.sql");
        await File.WriteAllLinesAsync(
            script, ["SET application_name = 'turn';", .. Enumerable.Repeat("SELECT 1;", QueriesOfATurn)], TestContext.Current.CancellationToken);
        var before = await KernelCounters.ReadAsync(console);
        string[] command =
        [
            "-f", "1", "taskset", "-c", processor, PostgresBinaries.Of("pgbench"), "-n", "-f", script, "-c", "1", "-t", $"{Turns}",
            "-h", pooler.Host, "-p", $"{pooler.Port}", "-U", Roles.Superuser, Database,
        ];
        var run = (await PgTools.RunProgramAsync("chrt", command, from: pooler.Topology.Clients)).Succeeded();
        Assert.Equal(Turns, run.Transactions);
        var grown = await KernelCounters.SinceAsync(console, before);
        Assert.True(grown["request"] >= Turns * QueriesOfATurn * 3 / 4, $"{grown}");
        Assert.True(grown["escape_state"] >= Turns * 9 / 10, $"{grown}");
        Assert.True(grown["escape_unclean"] <= Turns / 10, $"{grown}");
        await AssertBalanceAsync(pooler, console, 2);
    }

    /// <summary>A request that is sent while the answer before it is on its way, at any moment of the change between the paths.</summary>
    [Theory]
    [EachDataPath("transaction")]
    [EachDataPath("session")]
    public async Task Client_ThatDoesNotWaitForItsAnswer_GetsAllInOrder(DataPath path, string mode)
    {
        var pooler = await StartKernelAsync(1, config => config.Set("pool_mode", mode), path);
        await using var client = await pooler.ClientAsync();
        var random = new Random(7);
        for (var round = 0; round < Rounds; round++)
        {
            await client.SendAsync(Frontend.Query($"SET application_name = 'r{round}'"));
            for (var (start, pause) = (Stopwatch.GetTimestamp(), random.Next(LongestPause)); Stopwatch.GetElapsedTime(start).TotalMicroseconds < pause;)
                Thread.SpinWait(10);
            await client.SendAsync(Frontend.Query($"SELECT {round}, current_setting('application_name')"));
            Assert.Equal(["SET"], (await client.ReadReplyAsync()).Succeeded().Tags);
            Assert.Equal($"{round} r{round}", string.Join(' ', Assert.Single((await client.ReadReplyAsync()).Succeeded().Rows)));
        }
    }

    /// <summary>A server that C# had comes with the request of the client that waits for it; the rest of the transaction is the kernel's.</summary>
    [Theory]
    [EachKernelPath]
    public async Task Transaction_OnAServerThatUserSpaceHandedOn_GoesOnInTheKernel(DataPath path)
    {
        const int Statements = 20;
        var pooler = await StartKernelAsync(1, path: path);
        await using var console = await pooler.AdminAsync();
        await using var first = await pooler.ClientAsync();
        await using var second = await pooler.ClientAsync();
        await EnterKernelAsync(console, first, second);
        await first.QueryAsync("BEGIN");

        // From here on user space has the server.
        await first.QueryAsync("SET LOCAL application_name = 'first'");
        var before = await KernelCounters.ReadAsync(console);
        await second.SendAsync(Frontend.Query("BEGIN"));
        await console.WaitForPoolAsync("cl_waiting", 1);
        (await first.QueryAsync("COMMIT")).Succeeded();
        (await second.ReadReplyAsync()).Succeeded();
        for (var number = 0; number < Statements; number++)
            Assert.Equal($"{number}", await second.ScalarAsync($"SELECT {number}"));
        (await second.QueryAsync("COMMIT")).Succeeded();
        var grown = await KernelCounters.SinceAsync(console, before);
        Assert.True((grown["handed_on"], grown["escape_pipelined"]) is (1, 0), $"{grown}");

        // All of the second client's: what waited, what followed, the end.
        Assert.True(grown["request"] >= Statements + 2, $"{grown}");
        Assert.True(grown["reply"] >= Statements + 2, $"{grown}");
        await AssertBalanceAsync(pooler, console, 1);
    }

    /// <summary>One that this process may run on.</summary>
    private static string FirstProcessor()
    {
        const string Label = "Cpus_allowed_list:";
        var list = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Label, StringComparison.Ordinal))[Label.Length..].Trim();
        return new string([.. list.TakeWhile(char.IsAsciiDigit)]);
    }
}
