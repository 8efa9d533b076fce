using Microsoft.Extensions.Logging.Abstractions;
using Tigger.Control;
using Tigger.Pooling;
using Tigger.Tests.Admin;

namespace Tigger.Tests.Control;

public sealed class JanitorTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(3601);

    [Fact]
    public void RunOnce_UnusedAutoDatabase_IsForgottenAfterItsTimeout()
    {
        ManualClock clock = new();
        using ConsoleFixture console = new(clock);
        using Janitor janitor = new(console.Registry, console.Sessions, console.Sampler, clock, NullLogger.Instance);
        DatabaseState used = console.Registry.FindDatabase("used")!;
        Assert.True(used.TryAddClient(0));
        DatabaseState paused = console.Registry.FindDatabase("paused")!;
        console.Registry.SetPaused(paused, true);
        console.Registry.GetPool(console.Registry.FindDatabase("auto")!, "alice");
        janitor.RunOnce();
        Assert.Contains(console.Registry.Databases, database => database.Name == "auto");

        clock.Advance(Idle);
        janitor.RunOnce();

        Assert.Equal(["db", "paused", "used"], console.Registry.Databases.Select(database => database.Name));
        Assert.Empty(console.Registry.Pools);
    }

    [Fact]
    public void RunOnce_UsedInBetween_CountsAnew()
    {
        ManualClock clock = new();
        using ConsoleFixture console = new(clock);
        using Janitor janitor = new(console.Registry, console.Sessions, console.Sampler, clock, NullLogger.Instance);
        DatabaseState database = console.Registry.FindDatabase("auto")!;
        janitor.RunOnce();
        database.TryAddClient(0);
        janitor.RunOnce();
        database.RemoveClient();
        clock.Advance(Idle);
        janitor.RunOnce();

        Assert.Contains(database, console.Registry.Databases);
    }

    [Fact]
    public async Task Start_Dispose_TicksAndEnds()
    {
        using ConsoleFixture console = new();
        DatabaseState database = console.Registry.FindDatabase("auto")!;
        using (Janitor janitor = new(console.Registry, console.Sessions, console.Sampler, TimeProvider.System, NullLogger.Instance))
        {
            janitor.Start();
            await Fixtures.Eventually.TrueAsync(() => database.UnusedSince != 0, "a round of the janitor");
        }
    }
}
