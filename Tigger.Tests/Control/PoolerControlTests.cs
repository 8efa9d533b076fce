using Tigger.Control;
using Tigger.Pooling;
using Tigger.Tests.Admin;

namespace Tigger.Tests.Control;

public sealed class PoolerControlTests
{
    [Fact]
    public async Task PauseAsync_Paused_RefusesWhatWouldMixWithIt()
    {
        using ConsoleFixture console = new();
        Assert.Null(await console.Control.PauseAsync(null, CancellationToken.None));

        Assert.Equal("already suspended/paused", await console.Control.PauseAsync(null, CancellationToken.None));
        Assert.Equal("already suspended/paused", await console.Control.SuspendAsync(CancellationToken.None));
        Assert.False(console.Control.TryKill(null, out string error));
        Assert.Equal("already suspended/paused", error);
        Assert.True(console.Control.TryResume(null, out _));
        Assert.False(console.Registry.IsPaused);
    }

    [Fact]
    public async Task SuspendAsync_PausedDatabase_IsRefused()
    {
        using ConsoleFixture console = new();
        await console.Control.PauseAsync(console.Registry.FindDatabase("db"), CancellationToken.None);

        Assert.Equal("cannot suspend with paused databases", await console.Control.SuspendAsync(CancellationToken.None));
    }

    [Fact]
    public async Task PauseAsync_ResumedMeanwhile_SaysSo()
    {
        using ConsoleFixture console = new();
        console.HoldServer();
        Task<string?> pause = console.Control.PauseAsync(null, CancellationToken.None);
        Assert.False(pause.IsCompleted);

        console.Control.TryResume(null, out _);

        Assert.NotNull(await pause.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task TryResume_AfterKillOfEverything_ResumesWhatThatPausedOnly()
    {
        using ConsoleFixture console = new();
        DatabaseState before = console.Registry.FindDatabase("other")!;
        DatabaseState database = console.Registry.FindDatabase("db")!;
        await console.Control.PauseAsync(before, CancellationToken.None);
        Assert.True(console.Control.TryKill(null, out _));
        Assert.True(database.IsPaused);

        Assert.True(console.Control.TryResume(null, out _));

        Assert.False(database.IsPaused);
        Assert.True(before.IsPaused);
        Assert.False(console.Control.TryResume(null, out string error));
        Assert.Equal("pooler is not paused/suspended", error);
    }

    [Fact]
    public async Task Shutdown_WaitForServers_EndsWithTheLast()
    {
        using ConsoleFixture console = new();
        console.HoldServer();
        console.Control.Shutdown(ShutdownMode.WaitForServers);
        await Task.Delay(100);
        Assert.False(console.Control.Stopped.IsCompleted);
        Assert.False(console.Control.TryResume(null, out string error));
        Assert.Equal("pooler is shutting down", error);

        console.ReleaseServer();

        await console.Control.Stopped.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(1, console.Stops);
    }

    [Fact]
    public async Task Shutdown_ImmediateWhileWaiting_EndsAtOnce()
    {
        using ConsoleFixture console = new();
        console.HoldServer();
        console.Control.Shutdown(ShutdownMode.WaitForServers);

        console.Control.Shutdown(ShutdownMode.Immediate);

        await console.Control.Stopped.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(1, console.Stops);
    }
}
