using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Admin;

public sealed class AdminSessionTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Pause_ClientLeaves_WaitEndsAndPauseStays()
    {
        using ConsoleFixture console = new();
        console.HoldServer();
        var (client, _, served) = await console.ConnectAsync();
        await client.SendAsync(Frontend.Query("PAUSE"));
        Assert.True(await client.IsSilentForAsync(Moment));

        await client.DisposeAsync();

        await served.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(console.Registry.IsPaused);
        Assert.Equal(0, console.Context.Admins.Count);
    }

    [Fact]
    public async Task Pause_ByExtendedProtocolAndClientLeaves_WaitEnds()
    {
        using ConsoleFixture console = new();
        console.HoldServer();
        var (client, _, served) = await console.ConnectAsync();
        await client.SendAsync(Frontend.Concat(Frontend.Run("PAUSE db"), Frontend.Sync));
        Assert.True(await client.IsSilentForAsync(Moment));

        await client.DisposeAsync();

        await served.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(console.Registry.FindDatabase("db")!.IsPaused);
    }

    [Fact]
    public async Task Pause_CancelRequest_EndsWithErrorAndResumes()
    {
        using ConsoleFixture console = new();
        console.HoldServer();
        var (client, session, _) = await console.ConnectAsync();
        await client.SendAsync(Frontend.Query("PAUSE"));
        Assert.True(await client.IsSilentForAsync(Moment));

        Assert.True(console.Context.Admins.TryCancel(session.CancelKey));

        Assert.Equal("57014", (await client.ReadReplyAsync()).SqlState);
        Assert.False(console.Registry.IsPaused);
        Assert.Equal("PgBouncer 1.25.2", await client.ScalarAsync("SHOW VERSION"));
    }

    [Fact]
    public async Task Pause_LastServerGoes_AnswersAndServesWhatCameMeanwhile()
    {
        using ConsoleFixture console = new();
        console.HoldServer();
        var (client, _, _) = await console.ConnectAsync();
        await client.SendAsync(Frontend.Concat(Frontend.Query("PAUSE"), Frontend.Query("SHOW VERSION")));
        Assert.True(await client.IsSilentForAsync(Moment));

        console.ReleaseServer();

        Assert.Equal(["PAUSE"], (await client.ReadReplyAsync()).Succeeded().Tags);
        Assert.Equal(["SHOW"], (await client.ReadReplyAsync()).Succeeded().Tags);
    }

    [Fact]
    public async Task Suspend_LastAdminLeaves_Resumes()
    {
        using ConsoleFixture console = new();
        var (client, _, served) = await console.ConnectAsync();
        (await client.QueryAsync("SUSPEND")).Succeeded();
        Assert.True(console.Sessions.IsSuspended);

        await client.SendAsync(Frontend.Terminate);

        await served.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(console.Sessions.IsSuspended);
    }

    [Fact]
    public async Task KillClient_OfTheConsole_IsToldAndClosed()
    {
        using ConsoleFixture console = new();
        var (victim, session, served) = await console.ConnectAsync();

        Assert.Null((await console.RunAsync($"KILL_CLIENT {session.Client.Id}")).Error);

        Assert.Equal("admin forced disconnect", (await victim.ReadToEndAsync())[^1].Field('M'));
        await served.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Extended_Error_SkipsToSync()
    {
        using ConsoleFixture console = new();
        var (client, _, _) = await console.ConnectAsync();

        await client.SendAsync(Frontend.Concat(Frontend.Run("DANCE"), Frontend.Run("SHOW VERSION"), Frontend.Sync));

        Assert.Equal("12EZ", (await client.ReadReplyAsync()).Types);
        Assert.Equal("12DCZ", (await client.ExtendedAsync("SHOW VERSION")).Types);
        Assert.Equal("0A000", (await client.ExtendedAsync("SHOW VERSION", "parameter")).SqlState);
        await client.SendAsync(Frontend.Concat(Frontend.Bind("none"), Frontend.Sync));
        Assert.Equal("26000", (await client.ReadReplyAsync()).SqlState);
        await client.SendAsync(Frontend.Concat(Frontend.Execute("none"), Frontend.Sync));
        Assert.Equal("34000", (await client.ReadReplyAsync()).SqlState);
    }

    [Fact]
    public async Task Extended_NoRows_NoDataAndEmptyQuery()
    {
        using ConsoleFixture console = new();
        var (client, _, _) = await console.ConnectAsync();

        await client.SendAsync(Frontend.Concat(
            Frontend.Parse("BEGIN", "s"), Frontend.DescribeStatement("s"), Frontend.Bind("s"), Frontend.Execute(), Frontend.CloseStatement("s"),
            Frontend.Run(""), Frontend.Sync));

        Assert.Equal("1tn2C312IZ", (await client.ReadReplyAsync()).Types);
        Assert.Equal("IZ", (await client.QueryAsync("-- ping")).Types);
    }

    [Fact]
    public async Task Message_WithoutPlaceOnTheConsole_EndsTheSession()
    {
        using ConsoleFixture console = new();
        var (client, _, served) = await console.ConnectAsync();

        await client.SendAsync(Frontend.FunctionCall(1));

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => served);
        Assert.Equal("unsupported packet type for admin console: 70", fault.Message);
    }

    [Fact]
    public async Task Stats_Console_CountsItself()
    {
        using ConsoleFixture console = new();
        var (client, _, _) = await console.ConnectAsync();
        for (var i = 0; i < 3; i++)
            await client.QueryAsync("SHOW STATE");

        var row = Assert.Single((await client.QueryAsync("SHOW STATS_TOTALS")).Rows);

        Assert.Equal(("pgbouncer", "4", "4"), (row[0], row[2], row[3]));
        Assert.True(long.Parse(row[4]!, System.Globalization.CultureInfo.InvariantCulture) >= 3 * Frontend.Query("SHOW STATE").Length);
    }
}
