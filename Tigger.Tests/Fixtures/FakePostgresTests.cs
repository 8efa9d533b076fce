namespace Tigger.Tests.Fixtures;

/// <summary>A scripted server must look like PostgreSQL to a client where its script wants it to.</summary>
public sealed class FakePostgresTests
{
    [Fact]
    public async Task Scripted_login_and_result_reach_a_client()
    {
        await using var fake = FakePostgres.Start(async connection =>
        {
            await connection.LoginAsync();
            await connection.ReadQueryAsync("SELECT 'x'");
            await connection.SendSlowlyAsync(Backend.Result("x"), TimeSpan.FromMilliseconds(1));
            await connection.HangAsync();
        });
        await using var client = await RawClient.ConnectTcpAsync("127.0.0.1", fake.Port);
        await client.LoginAsync("u", "d");
        Assert.Equal("TDCZ", (await client.QueryAsync("SELECT 'x'")).Types);
        Assert.True(await client.IsSilentForAsync(TimeSpan.FromMilliseconds(50)));
        Assert.Equal(1, fake.Accepted);
    }

    [Fact]
    public async Task End_of_a_script_closes_the_connection()
    {
        await using var fake = FakePostgres.Start(connection => connection.SendAsync(Backend.Error("FATAL", null, "go away")));
        await using var client = await RawClient.ConnectTcpAsync("127.0.0.1", fake.Port);
        var messages = await client.ReadToEndAsync();
        Assert.Null(Assert.Single(messages).Field('C'));
        Assert.Equal("go away", messages[0].Field('M'));
    }
}
