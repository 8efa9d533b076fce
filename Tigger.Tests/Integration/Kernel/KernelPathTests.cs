using System.Diagnostics;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>The kernel really does the work: Tigger's process neither moves a byte nor spends time while clients run queries.</summary>
public sealed class KernelPathTests(PostgresServer postgres) : KernelTest(postgres)
{
    private const int RequestsBeforeHandover = 50;
    private const int Transactions = 100_000, TracedTransactions = 5_000;

    /// <summary>Of a processor, for what is done by the clock whatever clients do: a slow machine makes the run longer, not more.</summary>
    private const double AllowedShare = 0.1;

    private static readonly TimeSpan TracedTime = TimeSpan.FromSeconds(3);

    /// <summary>Logins and ends of the clients. User space would need 3 s and more.</summary>
    private static readonly TimeSpan AllowedTime = TimeSpan.FromMilliseconds(200);

    [RequiresBpfTheory]
    [InlineData(4, 8, "simple")]
    [InlineData(4, 8, "extended")]
    [InlineData(16, 4, "simple")]
    [InlineData(16, 4, "extended")]
    [InlineData(4, 8, "prepared")]
    [InlineData(16, 4, "prepared")]
    public async Task Transactions_HundredThousand_LeaveTheProcessAlone(int clients, int poolSize, string mode)
    {
        var pooler = await StartKernelAsync(poolSize);
        await InitialisePgbenchAsync();
        await using var console = await pooler.AdminAsync();

        // Opens the servers, and compiles what is compiled at the first use.
        await RunPgbenchAsync(pooler, clients, Transactions / 100 / clients, mode);
        var before = await KernelCounters.ReadAsync(console);
        var (timeBefore, watch) = (pooler.ProcessorTime(), Stopwatch.StartNew());
        await RunPgbenchAsync(pooler, clients, Transactions / clients, mode);
        var time = pooler.ProcessorTime() - timeBefore;
        var grown = await KernelCounters.SinceAsync(console, before);
        TestContext.Current.TestOutputHelper?.WriteLine($"{time.TotalMilliseconds} ms; {grown}");

        // A client that is quick with its next request may be ahead of the handover a few times.
        var inKernel = Transactions - (clients * RequestsBeforeHandover);
        Assert.True(grown["request"] >= inKernel, $"{grown}");
        Assert.True(grown["reply"] >= inKernel, $"{grown}");
        var allowedEscapes = mode == "prepared" ? 2 * clients : clients;
        Assert.True(grown.Escapes <= allowedEscapes, $"more than the first request of each client, and its Parse: {grown}");
        var allowed = AllowedTime + (watch.Elapsed * AllowedShare);
        Assert.True(time <= allowed, $"{time.TotalMilliseconds} ms of processor time, {allowed.TotalMilliseconds:0} allowed; {grown}");
        Assert.Equal(clients > poolSize, grown["wait"] > 0);
        await AssertBalanceAsync(pooler, console, poolSize);
    }

    /// <summary>The counters could lie; system calls cannot. Traced once all clients are in the kernel: the console has to be silent.</summary>
    [RequiresBpfTheory]
    [InlineData(4, 8, "simple")]
    [InlineData(16, 4, "simple")]
    [InlineData(4, 8, "prepared")]
    [InlineData(16, 4, "prepared")]
    public async Task Transactions_UnderStrace_MakeNoSystemCallsOnSockets(int clients, int poolSize, string mode)
    {
        Assert.SkipUnless(Strace.IsThere, "no strace to see how BPF spares system calls; the counters are checked elsewhere");
        var pooler = await StartKernelAsync(poolSize);
        await InitialisePgbenchAsync();
        await using var console = await pooler.AdminAsync();
        await RunPgbenchAsync(pooler, clients, Transactions / 100 / clients, mode);
        var start = await KernelCounters.ReadAsync(console);
        await using var pgbench = ChildProcess.Start(
            PostgresBinaries.Of("pgbench"), ThroughPooler(pooler, "-n", "-S", "-M", mode, "-c", $"{clients}", "-j", "2", "-T", "60"));
        await Eventually.TrueAsync(
            async () => (await KernelCounters.SinceAsync(console, start))["request"] > clients * RequestsBeforeHandover * 10, "all clients in the kernel");
        var before = await KernelCounters.ReadAsync(console);
        await using var strace = await Strace.AttachAsync(pooler.Pid, "recvfrom,sendto,recvmsg,sendmsg,readv,writev");
        await Task.Delay(TracedTime, TestContext.Current.CancellationToken);
        var calls = await strace.DetachAsync();
        var grown = await KernelCounters.SinceAsync(console, before);
        await pgbench.KillGroupAsync();
        Assert.True(grown["request"] > TracedTransactions, $"{grown}");
        Assert.Equal("", string.Join(", ", calls.Select(pair => $"{pair.Key} {pair.Value}")));
    }

    /// <summary>A COPY needs C#; the queries after it do not.</summary>
    [RequiresBpfFact]
    public async Task Session_AfterACopy_IsInTheKernelAgain()
    {
        const int Queries = 200;
        var pooler = await StartKernelAsync(1);
        await using var console = await pooler.AdminAsync();
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("CREATE TABLE t (n int)");
        await client.SendAsync(Frontend.Concat(Frontend.Query("COPY t FROM STDIN"), Frontend.CopyData("1\n"u8), Frontend.CopyDone));
        (await client.ReadReplyAsync()).Succeeded();
        var before = await KernelCounters.ReadAsync(console);
        for (var i = 0; i < Queries; i++)
            Assert.Equal("1", await client.ScalarAsync("SELECT n FROM t"));
        var grown = await KernelCounters.SinceAsync(console, before);
        Assert.True(grown["request"] >= Queries * 9 / 10, $"{grown}");
        Assert.True(grown["reply"] >= Queries * 9 / 10, $"{grown}");
        await AssertBalanceAsync(pooler, console, 1);
    }

    /// <summary>The pool stays in the kernel though one of its clients is not.</summary>
    [RequiresBpfFact]
    public async Task Session_BesideOneThatCopies_StaysInTheKernel()
    {
        const int Queries = 200;
        var pooler = await StartKernelAsync(2);
        await using var console = await pooler.AdminAsync();
        await using var copier = await pooler.ClientAsync();
        await using var client = await pooler.ClientAsync();
        await copier.QueryAsync("CREATE TABLE t (n int)");
        await client.ScalarAsync("SELECT 1");
        await copier.SendAsync(Frontend.Query("COPY t FROM STDIN"));
        Assert.Equal('G', (await copier.ReadAsync()).Type);
        var before = await KernelCounters.ReadAsync(console);
        for (var i = 0; i < Queries; i++)
            Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
        var grown = await KernelCounters.SinceAsync(console, before);
        Assert.True(grown["reply"] >= Queries * 9 / 10, $"{grown}");
        await copier.SendAsync(Frontend.Concat(Frontend.CopyData("1\n"u8), Frontend.CopyDone));
        Assert.Equal(["COPY 1"], (await copier.ReadReplyAsync()).Succeeded().Tags);
        await AssertBalanceAsync(pooler, console, 2);
    }
}
