using System.Globalization;
using System.Text;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>SHOW COUNTERS: every event is counted once, under its own name.</summary>
public sealed class AdminCountersTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string StatsUser = Roles.Alice;

    [Theory]
    [EachLocalDataPath]
    public async Task ShowCounters_StatsUser_GetsSortedNamesWithInt8Values(DataPath path)
    {
        var pooler = await StartTiggerAsync(path, config => config.Set("stats_users", new[] { StatsUser }));
        await using var admin = await pooler.AdminAsync(StatsUser);
        var reply = (await admin.RunAsync("SHOW COUNTERS")).Succeeded();
        Assert.Equal([("name", 25), ("value", 20)], reply.Messages.Single(message => message.Type == 'T').Columns());
        var names = reply.Rows.Select(row => row[0]!).ToList();
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Contains("server_abandoned", names);
        Assert.All(reply.Rows, row => Assert.True(long.Parse(row[1]!, CultureInfo.InvariantCulture) >= 0));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task ShowHelp_Always_MentionsCounters(DataPath path)
    {
        var pooler = await StartTiggerAsync(path);
        await using var admin = await pooler.AdminAsync();
        var help = (await admin.RunAsync("SHOW HELP")).Succeeded();
        Assert.Contains("|COUNTERS", Assert.Single(help.Notices).Field('D'), StringComparison.Ordinal);
    }

    [Theory]
    [EachLocalDataPath]
    public async Task ShowCounters_GarbageOnThePort_CountsStartupInvalid(DataPath path)
    {
        var pooler = await StartTiggerAsync(path);
        await using var admin = await pooler.AdminAsync();
        await using var stranger = await pooler.ConnectAsync();
        await stranger.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"));
        Assert.Equal('E', (await stranger.ReadAsync()).Type);
        await AssertGrownAsync(admin, ("startup_invalid", 1), ("login_refused", 0));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task ShowCounters_WrongPassword_CountsLoginRefused(DataPath path)
    {
        var pooler = await StartTiggerAsync(path, config => config.Set("auth_type", "scram-sha-256"));
        await using var admin = await pooler.AdminAsync(password: Roles.PasswordOf(Roles.Superuser));
        await Assert.ThrowsAsync<ServerErrorException>(() => pooler.ClientAsync(Roles.Alice, password: "wrong"));
        await AssertGrownAsync(admin, ("login_refused", 1), ("login_succeeded", 0), ("startup_invalid", 0));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task ShowCounters_CancelWithUnknownKey_CountsCancelUnknown(DataPath path)
    {
        var pooler = await StartTiggerAsync(path);
        await using var admin = await pooler.AdminAsync();
        await pooler.CancelAsync(1, [1, 2, 3, 4]);
        await AssertGrownAsync(admin, ("cancel_unknown", 1), ("cancel_routed", 0));
    }

    [Theory]
    [EachLocalDataPath]
    public async Task ShowCounters_ClientKilledInTransaction_CountsServerAbandoned(DataPath path)
    {
        var pooler = await StartTiggerAsync(path);
        await using var admin = await pooler.AdminAsync();
        var client = await pooler.ClientAsync();
        await client.QueryAsync("BEGIN");
        client.Abort();
        await AssertGrownAsync(admin, ("server_abandoned", 1), ("server_lost", 0), ("login_succeeded", 1));
    }

    private Task<TiggerProcess> StartTiggerAsync(DataPath path, Action<TiggerConfigBuilder>? configure = null)
    {
        Assert.SkipWhen(PoolerProgram.IsReference, "the command is Tigger's own");
        return StartAsync(path, configure);
    }

    private static async Task AssertGrownAsync(AdminConsole admin, params (string Name, long Value)[] expected)
    {
        foreach (var (name, value) in expected)
            await Eventually.EqualAsync(value, async () => (await admin.CountersAsync())[name], $"SHOW COUNTERS {name}");
    }
}
