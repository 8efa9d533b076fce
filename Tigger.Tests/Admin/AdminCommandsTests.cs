using Tigger.Admin;
using Tigger.Config;
using Tigger.Sessions;

namespace Tigger.Tests.Admin;

/// <summary>Error texts and tags as in PgBouncer's src/admin.c.</summary>
public sealed class AdminCommandsTests
{
    [Theory]
    [InlineData("DANCE", "invalid command 'DANCE', use SHOW HELP;")]
    [InlineData("show nonsense", "invalid command 'show nonsense', use SHOW HELP;")]
    [InlineData("RESUME", "pooler is not paused/suspended")]
    [InlineData("RESUME db", "database db is not paused")]
    [InlineData("RESUME nobody", "no such database: nobody")]
    [InlineData("ENABLE nobody", "no such database: nobody")]
    [InlineData("DISABLE", "a database is required")]
    [InlineData("ENABLE", "a database is required")]
    [InlineData("PAUSE pgbouncer", "cannot pause admin db: pgbouncer")]
    [InlineData("RESUME pgbouncer", "database pgbouncer is not paused")]
    [InlineData("KILL pgbouncer", "cannot kill admin db: pgbouncer")]
    [InlineData("DISABLE pgbouncer", "cannot disable admin db: pgbouncer")]
    [InlineData("ENABLE pgbouncer", "cannot enable admin db: pgbouncer")]
    [InlineData("RECONNECT pgbouncer", "cannot reconnect admin db: pgbouncer")]
    [InlineData("WAIT_CLOSE pgbouncer", "cannot wait in admin db: pgbouncer")]
    [InlineData("KILL_CLIENT everybody", "invalid client pointer supplied")]
    [InlineData("KILL_CLIENT 99", "client not found")]
    [InlineData("SET listen_port = 1", "SET failed: can only be set at start")]
    public async Task RunAsync_CannotBe_SaysWhyAsPgBouncer(string text, string error)
    {
        using ConsoleFixture console = new();

        AdminOutcome outcome = await console.RunAsync(text);

        Assert.Equal((error, "08P01"), (outcome.Error, outcome.SqlState));
    }

    [Theory]
    [InlineData("PAUSE", "PAUSE")]
    [InlineData("PAUSE db", "PAUSE")]
    [InlineData("RECONNECT", "RECONNECT")]
    [InlineData("WAIT_CLOSE db", "WAIT_CLOSE")]
    [InlineData("KILL db", "KILL")]
    [InlineData("DISABLE db", "DISABLE")]
    [InlineData("SUSPEND", "SUSPEND")]
    [InlineData("RELOAD", "RELOAD")]
    [InlineData("SET verbose = '1'", "SET verbose=1")]
    [InlineData("SET timezone TO 'UTC'", "SET")]
    [InlineData("SHOW STATE", "SHOW")]
    [InlineData("SELECT 1", "SELECT 1")]
    [InlineData("SHUTDOWN WAIT_FOR_CLIENTS", "SHUTDOWN")]
    [InlineData("SHUTDOWN drain", "SHUTDOWN")]
    public async Task RunAsync_Done_TagIsTheVerb(string text, string tag)
    {
        using ConsoleFixture console = new();

        AdminOutcome outcome = await console.RunAsync(text);

        Assert.Equal((null, tag), (outcome.Error, outcome.Tag));
    }

    [Fact]
    public async Task RunAsync_StatsUser_NeedsAdmin()
    {
        using ConsoleFixture console = new();

        Assert.Equal("admin access needed", (await console.RunAsync("KILL", AdminLevel.Stats)).Error);
        Assert.Null((await console.RunAsync("SHOW POOLS", AdminLevel.Stats)).Error);
    }

    [Fact]
    public async Task Reload_OnlyErrorsAreErrors_AndAllAreListed()
    {
        using ConsoleFixture console = new();
        ConfigFault warning = new("t.yaml", 1, 1, "user", "has no effect", FaultSeverity.Warning);
        console.Faults = [warning];
        Assert.Null((await console.RunAsync("RELOAD")).Error);

        console.Faults = [warning, new("t.yaml", 2, 3, "pool_siez", "unknown key"), new("t.yaml", 4, 5, "verbose", "no number")];

        Assert.Equal(
            "RELOAD failed, see logs for additional details: t.yaml:2:3: pool_siez: unknown key; t.yaml:4:5: verbose: no number",
            (await console.RunAsync("RELOAD")).Error);
    }

    [Fact]
    public async Task Set_Setting_IsInForceAndShown()
    {
        using ConsoleFixture console = new();

        await console.RunAsync("SET query_wait_timeout = 5");

        Assert.Equal(TimeSpan.FromSeconds(5), console.Registry.Config.QueryWaitTimeout);
        Assert.Contains((await console.RunAsync("SHOW CONFIG")).Rows!.Rows, row => row is ["query_wait_timeout", "5", "120", "yes"]);
    }

    [Fact]
    public async Task Show_Version_IsWhatToolsExpect() =>
        Assert.Equal("PgBouncer 1.25.2", (await new ConsoleFixture().RunAsync("SHOW VERSION")).Rows!.Rows[0][0]);
}
