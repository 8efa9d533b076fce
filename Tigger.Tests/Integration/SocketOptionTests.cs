using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>The settings tcp_*, as the kernel has them of both sides' sockets.</summary>
public sealed class SocketOptionTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const int LevelSocket = 1, LevelTcp = 6, DeferAccept = 9;

    // SO_KEEPALIVE, TCP_KEEPCNT, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_USER_TIMEOUT, SO_SNDBUF, SO_RCVBUF
    private static readonly (int, int)[] Options =
        [(LevelSocket, 9), (LevelTcp, 6), (LevelTcp, 4), (LevelTcp, 5), (LevelTcp, 18), (LevelSocket, 7), (LevelSocket, 8)];

    [Theory]
    [EachLocalDataPath]
    public async Task Settings_are_those_of_both_sides_sockets(DataPath path)
    {
        var pooler = await StartAsync(path, config => config
            .Set("tcp_keepalive", 1).Set("tcp_keepcnt", 3).Set("tcp_keepidle", 30).Set("tcp_keepintvl", 10).Set("tcp_user_timeout", 21000)
            .Set("tcp_socket_buffer", 65536));
        await using var client = await pooler.ClientAsync();
        await client.ScalarAsync("SELECT 1");
        // The kernel doubles buffers, for its own use.
        int[] expected = [1, 3, 30, 10, 21000, 2 * 65536, 2 * 65536];
        Assert.Equal([expected, expected], Values(pooler));

        pooler.Config.Set("tcp_keepalive", 0).Set("tcp_user_timeout", 0);
        (await pooler.ReloadAsync()).Succeeded();
        await client.CloseAsync();
        await using var admin = await pooler.AdminAsync();
        await admin.DoAsync("RECONNECT");
        await admin.DoAsync("WAIT_CLOSE");
        await admin.Client.CloseAsync();
        await using var later = await pooler.ClientAsync();
        await later.ScalarAsync("SELECT 1");
        await Eventually.TrueAsync(() => Values(pooler).Count() == 2, "only the new sockets are left");
        Assert.All(Values(pooler), values => Assert.Equal((0, 0), (values[0], values[4])));
    }

    [Fact]
    public async Task Listening_socket_follows_a_reload()
    {
        var pooler = await StartAsync(DataPath.User);
        Assert.NotEqual(0, Deferred(pooler));
        await using var admin = await pooler.AdminAsync();
        await admin.DoAsync("SET tcp_defer_accept = 0");
        Assert.Equal(0, Deferred(pooler));
        await admin.DoAsync("SET tcp_defer_accept = 1");
        Assert.NotEqual(0, Deferred(pooler));
    }

    /// <summary>Clients' and servers'.</summary>
    private IEnumerable<int[]> Values(TiggerProcess pooler) => OtherSockets.Options(pooler.Pid, Options)
        .Where(socket => (socket.Local == pooler.Port && socket.Remote != 0) || socket.Remote == Postgres.Port).Select(socket => socket.Values);

    private static int Deferred(TiggerProcess pooler) =>
        OtherSockets.Options(pooler.Pid, (LevelTcp, DeferAccept)).Single(socket => socket.Local == pooler.Port && socket.Remote == 0).Values[0];
}
