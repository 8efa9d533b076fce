using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Either side hangs up at the very moment its login ends, when the connection changes hands inside the pooler.</summary>
public sealed class HastyTests(PostgresServer postgres) : PoolerTest(postgres)
{
    /// <summary>More than the pooler reads at once during a login, so that the rest is still in the socket at its end.</summary>
    private const int LongComment = 3000;

    [Theory]
    [EachDataPath("BEGIN")]
    [EachDataPath("COPY pg_class FROM STDIN")]
    public async Task Login_ClientSentAllItEverWillInOnePiece_IsForgottenWithItsServer(DataPath path, string sql)
    {
        var pooler = await StartAsync(path);
        await using var admin = await pooler.AdminAsync();
        await using (var warmUp = await pooler.ClientAsync())
            await warmUp.ScalarAsync("SELECT 1");
        await using var hasty = await pooler.ConnectAsync();
        await hasty.SendAsync(Frontend.Concat(
            Frontend.Startup([("user", Roles.Superuser), ("database", Database)]),
            Frontend.Query($"{sql} /*{new string('x', LongComment)}*/")));
        hasty.HalfClose();
        await hasty.ReadToEndAsync();
        await admin.WaitForPoolAsync("cl_active", 0);
        await admin.WaitForPoolAsync("sv_active", 0);
    }

    [Theory]
    [EachDataPath]
    public async Task Login_ServerClosesRightBehindIt_NextClientGetsAnother(DataPath path)
    {
        var connections = 0;
        var (_, pooler) = await StartFakeAsync(path, async connection =>
        {
            await connection.LoginAsync();
            if (Interlocked.Increment(ref connections) == 1)
            {
                await connection.SendAsync(Backend.Error("FATAL", "57P01", "terminating connection due to administrator command"));
                return;
            }

            while (true)
            {
                await connection.ReadQueryAsync("SELECT 1");
                await connection.SendAsync(Backend.Result("1"));
            }
        });
        await using var client = await pooler.ClientAsync();
        await Eventually.TrueAsync(
            () => pooler.Log.Contains("closing because: server conn crashed?"), "the pooler notices that the server is gone");
        Assert.Equal("1", await client.ScalarAsync("SELECT 1"));
    }
}
