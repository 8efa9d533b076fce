using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Signals with PgBouncer's meanings since 1.23. SIGHUP is in <see cref="ReloadTests"/>.</summary>
public sealed class SignalTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachLocalDataPath]
    public async Task Usr1_pauses_and_usr2_resumes(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await client.ScalarAsync("SELECT 1");
        pooler.Send(Signal.Usr1);
        await Eventually.EqualAsync(0, () => Postgres.CountBackendsAsync(ServerDatabase), "servers while paused");
        await client.SendAsync(Frontend.Query("SELECT 'resumed'"));
        Assert.True(await client.IsSilentForAsync(TimeSpan.FromMilliseconds(200)));
        pooler.Send(Signal.Usr2);
        Assert.Equal("resumed", (await client.ReadReplyAsync()).Scalar);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Quit_ends_at_once(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        pooler.Send(Signal.Quit);
        await client.ReadToEndAsync();
        await pooler.WaitForExitAsync();
        await Eventually.EqualAsync(0, () => Postgres.CountBackendsAsync(ServerDatabase), "servers left behind");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Int_waits_for_transactions(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN; CREATE TABLE kept ()");
        pooler.Send(Signal.Int);
        (await client.QueryAsync("SELECT pg_sleep(0.5)")).Succeeded();
        Assert.False(pooler.HasExited);
        Assert.Equal("COMMIT", Assert.Single((await client.QueryAsync("COMMIT")).Succeeded().Tags));
        Assert.Equal(0, await pooler.WaitForExitAsync());
        Assert.Equal(1, await Postgres.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'kept'", ServerDatabase));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Term_waits_for_clients_and_takes_no_new_ones(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        pooler.Send(Signal.Term);
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await using var late = await pooler.ClientAsync();
                    return false;
                }
                catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException or ServerErrorException)
                {
                    return true;
                }
            },
            "new clients are refused");
        for (var i = 0; i < 5; i++)
            Assert.Equal($"{i}", await client.ScalarAsync($"SELECT {i}"));
        Assert.False(pooler.HasExited);
        await client.DisposeAsync();
        Assert.Equal(0, await pooler.WaitForExitAsync());
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Usr2_while_shutting_down_is_ignored(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        pooler.Send(Signal.Int);
        await Eventually.TrueAsync(() => pooler.Log.Contains("SIGINT"), "log line about SIGINT");
        pooler.Send(Signal.Usr2);
        await pooler.Log.WaitForAsync("got SIGUSR2 while shutting down, ignoring");
        await client.QueryAsync("COMMIT");
        Assert.Equal(0, await pooler.WaitForExitAsync());
    }

    /// <summary>As a script starts it with an ampersand.</summary>
    [Theory]
    [EachLocalDataPath(Signal.Int)]
    [EachLocalDataPath(Signal.Quit)]
    public async Task Signals_ignored_by_whoever_started_it_are_taken(DataPath path, Signal signal)
    {
        using var directory = new TempDirectory("proxy");
        var file = directory.File("tigger.yaml");
        await File.WriteAllTextAsync(file, NewConfig(path).Set("listen_port", FreePort.Next()).ToYaml(), TestContext.Current.CancellationToken);
        await using var pooler = ChildProcess.Start(
            "/bin/sh", ["-c", "trap '' INT QUIT; exec \"$0\" run -c \"$1\"", PoolerProgram.Tigger, file]);
        await pooler.Error.WaitForAsync("process up");
        pooler.Send(signal);
        Assert.True(await pooler.WaitForExitAsync(Eventually.DefaultDeadline), $"{signal} does not end the process\n{pooler.Error.Text}");
        Assert.Equal(0, pooler.ExitCode);
    }
}
