using Tigger.Tests.Fixtures;
using Tigger.Tests.Kernel;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>However Tigger ends, clients and servers learn of it, and nothing of it stays in the kernel.</summary>
public sealed class KernelEndTests(PostgresServer postgres) : KernelTest(postgres)
{
    private const int Clients = 12, PoolSize = 3;

    private int _answers;

    [Theory]
    [EachKernelPath(Signal.Int)]
    [EachKernelPath(Signal.Quit)]
    [EachKernelPath(Signal.Kill)]
    public async Task Tigger_EndedUnderLoad_ClientsSeeTheEndAndNothingStays(DataPath path, Signal signal)
    {
        var pooler = await StartKernelAsync(PoolSize, path: path);
        var workers = await StartLoadAsync(pooler, CancellationToken.None);
        var loaded = KernelObjects.HeldBy(pooler.Pid);
        Assert.True(loaded.Programs.Count > 0 && loaded.Maps.Count > 0 && loaded.Links.Count > 0, $"{loaded.Count} objects");
        pooler.Send(signal);
        var code = await pooler.WaitForExitAsync();
        if (signal != Signal.Kill)
            Assert.Equal(0, code);
        await Task.WhenAll(workers);
        await Eventually.EqualAsync(0, () => Postgres.CountBackendsAsync(ServerDatabase), "backends left");
        await loaded.GoneAsync();
    }

    /// <summary>SIGTERM waits for the clients to leave; meanwhile they go on in the kernel.</summary>
    [Theory]
    [EachKernelPath]
    public async Task Tigger_TermUnderLoad_ServesItsClientsUntilTheyLeave(DataPath path)
    {
        var pooler = await StartKernelAsync(PoolSize, path: path);
        using var stop = new CancellationTokenSource();
        var workers = await StartLoadAsync(pooler, stop.Token);
        var loaded = KernelObjects.HeldBy(pooler.Pid);
        pooler.Send(Signal.Term);
        await Eventually.TrueAsync(() => pooler.Log.Contains("SIGTERM"), "log line about SIGTERM");
        var before = Volatile.Read(ref _answers);
        await Eventually.TrueAsync(() => Volatile.Read(ref _answers) > before + 1000, "answers after SIGTERM");
        Assert.False(pooler.HasExited);
        await stop.CancelAsync();
        await Task.WhenAll(workers);
        Assert.Equal(0, await pooler.WaitForExitAsync());
        await Eventually.EqualAsync(0, () => Postgres.CountBackendsAsync(ServerDatabase), "backends left");
        await loaded.GoneAsync();
    }

    /// <summary>Killed with sockets inside: the clients that were idle notice it as well as those at work.</summary>
    [Theory]
    [EachKernelPath]
    public async Task Tigger_KilledWithClientsIdleWaitingAndInTransaction_AllSeeTheEnd(DataPath path)
    {
        var pooler = await StartKernelAsync(1, path: path);
        await using var console = await pooler.AdminAsync();
        await using var idle = await pooler.ClientAsync();
        await using var busy = await pooler.ClientAsync();
        await using var waiting = await pooler.ClientAsync();
        await idle.ScalarAsync("SELECT 1");
        await busy.QueryAsync("BEGIN");
        await waiting.SendAsync(Frontend.Query("SELECT 1"));
        await console.WaitForPoolAsync("cl_waiting", 1);
        var loaded = KernelObjects.HeldBy(pooler.Pid);
        pooler.Send(Signal.Kill);
        await pooler.WaitForExitAsync();
        foreach (var client in new[] { idle, busy, waiting })
        {
            Assert.DoesNotContain(await client.ReadToEndAsync(), message => message.Type is 'D' or 'C' or 'Z');
            await client.DisposeAsync();
        }

        await console.DisposeAsync();
        await Eventually.EqualAsync(0, () => Postgres.CountBackendsAsync(ServerDatabase), "backends left");
        await loaded.GoneAsync();
    }

    private async Task<List<Task>> StartLoadAsync(TiggerProcess pooler, CancellationToken stop)
    {
        var clients = new List<RawClient>();
        for (var i = 0; i < Clients; i++)
            clients.Add(Own(await pooler.ClientAsync()));
        var workers = clients.Select((client, number) => Task.Run(() => WorkAsync(client, number, stop))).ToList();
        await Eventually.TrueAsync(() => Volatile.Read(ref _answers) > 1000, "answers under load");
        return workers;
    }

    /// <summary>Until told to stop or until the connection ends, which closes the socket like any client would.</summary>
    private async Task WorkAsync(RawClient client, int number, CancellationToken stop)
    {
        try
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var reply = await client.QueryAsync($"SELECT '{number}/{i}'");
                if (reply.Errors.Count > 0)
                    continue;
                Assert.Equal($"{number}/{i}", reply.Scalar);
                Interlocked.Increment(ref _answers);
            }
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            Assert.False(stop.IsCancellationRequested, "cut off though it was asked to leave");
        }
        finally
        {
            await client.DisposeAsync();
        }
    }
}
