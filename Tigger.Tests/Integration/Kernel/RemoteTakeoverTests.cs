using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Kernel;

/// <summary>Online restart with other hosts: the connections go to the next process, and stay in the maps of the one before.</summary>
public sealed class RemoteTakeoverTests(PostgresServer postgres) : KernelTest(postgres)
{
    /// <summary>Long enough for the kernel to free what the end of a process leaves; nothing is asserted about it.</summary>
    private static readonly TimeSpan WhileMapsAreFreed = TimeSpan.FromMilliseconds(500);

    [Theory]
    [EachRemoteKernelPath]
    public async Task Request_that_came_before_the_old_process_ended_is_answered(DataPath path)
    {
        using var directory = new TempDirectory("sock");
        var pooler = await StartKernelAsync(2, config => config.Set("unix_socket_dir", directory.Path), path);
        await using var moved = await pooler.ClientAsync();
        await using (var console = await pooler.AdminAsync())
            await EnterKernelAsync(console, moved);
        await using var last = await pooler.ClientAsync();
        await last.QueryAsync("BEGIN");
        await using var before = await pooler.RestartAsync();
        await using (var console = await pooler.AdminAsync())
            await Eventually.EqualAsync(1, async () => (await console.CountersAsync())["client_taken_over"], "clients taken over");

        // The next process is kept from reading it at once.
        pooler.Send(Signal.Stop);
        await moved.SendAsync(Frontend.Query("SELECT 'kept'"));
        last.Abort();
        Assert.True(await before.WaitForExitAsync(Eventually.DefaultDeadline), "the old process does not end\n" + before.Error.Text);
        await Task.Delay(WhileMapsAreFreed, TestContext.Current.CancellationToken);
        pooler.Send(Signal.Cont);
        Assert.Equal("kept", (await moved.ReadReplyAsync()).Succeeded().Scalar);
        Assert.Equal("1", await moved.ScalarAsync("SELECT 1"));
    }
}
