using System.Text.Json;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Telemetry;

/// <summary><c>tigger top</c> in a terminal and <c>tigger status</c>, both through the console of a running pooler.</summary>
public sealed class TopTests(PostgresServer postgres) : PoolerTest(postgres)
{
    [Theory]
    [EachLocalDataPath]
    public async Task Top_PausesAPoolAndKillsAClient_OnceConfirmed(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var admin = await pooler.AdminAsync();
        await using var victim = await pooler.ClientAsync(parameters: ("application_name", "the victim\u001b[2J"));
        await victim.QueryAsync("BEGIN");
        var sleep = victim.QueryAsync("SELECT pg_sleep(100)", TimeSpan.FromSeconds(120));
        await using var terminal = await StartTopAsync(pooler);
        await terminal.WaitForAsync(path == DataPath.User ? " user " : " kernel ");
        await terminal.WaitForAsync("the victim?[2J");
        await terminal.SaveAsync($"top-{path}.txt");

        // Neither a no nor another key kills.
        await terminal.PressAsync("Tab", "k");
        await terminal.WaitForAsync("Disconnect client C-");
        await terminal.PressAsync("n");
        await terminal.WaitForAsync("q quit");
        Assert.Equal(1, await admin.PoolNumberAsync("cl_active"));

        await terminal.PressAsync("k");
        await terminal.WaitForAsync("(y/n)");
        await terminal.PressAsync("y");
        await terminal.WaitForAsync(": done");
        await Assert.ThrowsAnyAsync<Exception>(async () => (await sleep).Succeeded());
        await admin.WaitForPoolAsync("cl_active", 0);

        await terminal.PressAsync("Tab", "p");
        await terminal.WaitForAsync($"PAUSE database {Database}? (y/n)");
        await terminal.PressAsync("y");
        await Eventually.TrueAsync(
            async () => (await admin.ShowAsync("DATABASES")).Single(row => row["name"] == Database)["paused"] == "1", "database paused");
        await terminal.PressAsync("r");
        await terminal.WaitForAsync($"RESUME database {Database}? (y/n)");
        await terminal.PressAsync("y");
        await Eventually.TrueAsync(
            async () => (await admin.ShowAsync("DATABASES")).Single(row => row["name"] == Database)["paused"] == "0", "database resumed");
        await terminal.PressAsync("q");
        await Eventually.TrueAsync(terminal.HasEndedAsync, "the end");
    }

    [Theory]
    [EachLocalDataPath]
    public async Task Top_SortAndFilter_ChangeWhatIsShown(DataPath path)
    {
        var pooler = await StartAsync(path, config => config.Database("second", ("host", PostgresServer.Host), ("port", Postgres.Port), ("dbname", ServerDatabase)));
        await using var one = await pooler.ClientAsync();
        await using var other = await pooler.ClientAsync(database: "second");
        await using var terminal = await StartTopAsync(pooler);
        await terminal.WaitForAsync("2 pools, sorted by transactions per second");
        await terminal.PressAsync("s", "s", "s");
        await terminal.WaitForAsync("sorted by name");
        await terminal.PressAsync("/", "s", "e", "c", "Enter");
        await terminal.WaitForAsync("only sec");
        Assert.Contains("second", await terminal.ScreenAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(" db  ", await terminal.ScreenAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task StatusJson_RunningPooler_SaysWhatTheConsoleSays(DataPath path)
    {
        var pooler = await StartAsync(path);
        await using var client = await pooler.ClientAsync();
        for (var i = 0; i < 10; i++)
            await client.ScalarAsync("SELECT 1");
        await using var admin = await pooler.AdminAsync();
        await Eventually.EqualAsync(10, async () => (await admin.TotalsAsync())["query_count"], "queries");
        var result = (await RunAsync(pooler, "--json")).Succeeded();
        var status = JsonDocument.Parse(result.Output).RootElement;
        var pool = status.GetProperty("pools").EnumerateArray().Single(one => one.GetProperty("database").GetString() == Database);
        Assert.Equal(1, pool.GetProperty("cl_active").GetInt32());
        Assert.Equal(10, status.GetProperty("stats").EnumerateArray().Single(one => one.GetProperty("database").GetString() == Database).GetProperty("total_query_count").GetInt64());
        Assert.Equal("active", status.GetProperty("state").EnumerateObject().First().Name);
        var measured = status.GetProperty("times").EnumerateArray().Where(one => one.GetProperty("kind").GetString() == "query").Sum(one => one.GetProperty("count").GetInt64());
        Assert.Equal(10, measured);

        var plain = (await RunAsync(pooler)).Succeeded();
        Assert.Matches($@"{Database} +{Roles.Superuser} +{(path == DataPath.User ? "user" : "kernel")} +1 ", plain.Output);
        Assert.DoesNotContain('\u001b', plain.Output);
    }

    [Fact]
    public async Task Status_NobodyThere_FailsWithOneLine()
    {
        var result = await PgTools.RunProgramAsync(PoolerProgram.Tigger, ["status", "--host", "127.0.0.1", "--port", $"{FreePort.Next()}"]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.StartsWith("tigger: ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Trim().Split('\n'));
    }

    private static Task<Terminal> StartTopAsync(TiggerProcess pooler) => Terminal.StartAsync(
        PoolerProgram.Tigger, ["top", "--host", pooler.Host, "--port", $"{pooler.Port}", "--user", Roles.Superuser, "--interval", "0.2"]);

    private static Task<ToolResult> RunAsync(TiggerProcess pooler, params string[] more) => PgTools.RunProgramAsync(
        PoolerProgram.Tigger, ["status", "--host", pooler.Host, "--port", $"{pooler.Port}", "--user", Roles.Superuser, .. more]);
}
