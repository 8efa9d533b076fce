using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Many clients that come at the same moment, each with a proof that takes time.</summary>
public sealed class LoginStormTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const int Clients = 500, Servers = 5;

    [Theory]
    [EachLocalDataPath("scram-sha-256")]
    [EachLocalDataPath("plain")]
    public async Task All_get_in_and_those_who_are_in_are_served_meanwhile(DataPath path, string type)
    {
        var pooler = await StartAsync(path, config => config
            .Set("auth_type", type).Set("max_client_conn", Clients + 10).Set("default_pool_size", Servers).Set("admin_users", new[] { Roles.Plain }));
        var password = Roles.PasswordOf(Roles.Plain);
        await using var before = await pooler.ClientAsync(Roles.Plain, password: password);
        await using var admin = await pooler.AdminAsync(Roles.Plain, password);
        var storm = Enumerable.Range(0, Clients).Select(number => StormAsync(pooler, password, isRight: number % 10 != 0)).ToList();
        var all = Task.WhenAll(storm);
        while (!all.IsCompleted)
        {
            Assert.Equal("1", await before.ScalarAsync("SELECT 1"));
            await admin.ShowAsync("POOLS");
        }

        Assert.Equal(Clients - (Clients / 10), (await all).Count(isIn => isIn));
        Assert.InRange(await Postgres.CountBackendsAsync(ServerDatabase), 1, Servers);
    }

    /// <summary>Whether it got in.</summary>
    private static async Task<bool> StormAsync(TiggerProcess pooler, string password, bool isRight)
    {
        try
        {
            await using var client = await pooler.ClientAsync(Roles.Plain, password: isRight ? password : "wrong");
            Assert.Equal("2", await client.ScalarAsync("SELECT 2"));
            return true;
        }
        catch (ServerErrorException refusal) when (!isRight)
        {
            Assert.Equal("28P01", refusal.SqlState);
            return false;
        }
    }
}
