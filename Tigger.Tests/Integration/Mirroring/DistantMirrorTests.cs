using System.Globalization;
using System.Net;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration.Mirroring;

/// <summary>A mirror to which packets take 50 ms, and some never come: what fits its queue arrives, whole, in order; the rest is counted.</summary>
public sealed class DistantMirrorTests(PostgresServer postgres) : MirrorTest(postgres)
{
    private const int Clients = 5, Each = 24, QueueBytes = 64 * 1024;
    private const string Small = "small";
    private const string Table = "CREATE TABLE log (client int, n int, half int, filler text, id bigserial, PRIMARY KEY (client, n, half))";

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    [Theory]
    [EachLocalDataPath]
    public async Task Every_transaction_of_every_client_is_there_or_counted(DataPath path)
    {
        Assert.SkipUnless(RemoteHost.SkipReason is null, $"no other host to mirror to, nor BPF: {RemoteHost.SkipReason}");
        await using var cable = await RemoteHost.LayCableAsync(loss: 0.01, Delay);
        IPEndPoint server = new(IPAddress.Loopback, Postgres.Port);
        await using var far = RemoteHost.Network.Run(() => new RoundRobinBalancer(IPAddress.Parse(RemoteHost.DistantAddress), [server]));
        var everything = await CreateMirrorAsync();
        var some = await CreateMirrorAsync();
        await OnBothAsync(everything, Table);
        await Postgres.ExecuteAsync(Table, some);
        var pooler = await StartMirroredAsync(
            path,
            Mirror(everything, far.Port, ("host", RemoteHost.DistantAddress)),
            Mirror(some, far.Port, ("name", Small), ("host", RemoteHost.DistantAddress), ("queue_bytes", QueueBytes), ("pool_size", 2)));
        await using var console = await pooler.AdminAsync();
        var work = Task.WhenAll(Enumerable.Range(0, Clients).Select(number => WriteAsync(pooler, number)));
        do
            Assert.InRange(Number(await CountsAsync(console, Small), "queued_bytes"), 0, QueueBytes);
        while (await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(20))) != work);
        await work;

        var counts = await SettledAsync(console);
        Assert.Equal(Clients * Each, Number(counts, "sent"));
        Assert.Equal(Clients * Each, Number(counts, "both_ok"));
        await AssertSameAsync(everything, "client, n, half", "log");
        await AssertOrderedAsync(everything);

        // There and back again, at the least.
        Assert.InRange(Number(counts, "mirror_p50_us"), (long)Delay.TotalMicroseconds, long.MaxValue);

        counts = await SettledAsync(console, Small);
        Assert.Equal(Clients * Each, Number(counts, "sent"));
        Assert.InRange(Number(counts, "queue_full"), 1, Clients * Each);
        Assert.Equal(Number(counts, "dropped"), Number(counts, "queue_full"));
        Assert.Equal(Number(counts, "sent"), Number(counts, "both_ok") + Number(counts, "dropped"));
        Assert.Equal(2 * Number(counts, "both_ok"), await Postgres.ScalarAsync<long>("SELECT count(*) FROM log", some));
        Assert.Equal(Number(counts, "both_ok"), await Postgres.ScalarAsync<long>("SELECT count(DISTINCT (client, n)) FROM log", some));
        await AssertOrderedAsync(some);
    }

    private async Task AssertOrderedAsync(string mirror) => Assert.True(await Postgres.ScalarAsync<bool>(
        "SELECT bool_and(ordered) FROM (SELECT (n, half) > lag((n, half)) OVER (PARTITION BY client ORDER BY id) AS ordered FROM log) l", mirror));

    private static async Task WriteAsync(TiggerProcess pooler, int number)
    {
        await using var client = await pooler.ClientAsync();
        for (var n = 0; n < Each; n++)
        {
            (await client.QueryAsync("BEGIN")).Succeeded();
            for (var half = 0; half < 2; half++)
                (await client.QueryAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO log VALUES ({number}, {n}, {half}, '{new string('x', 900)}')"))).Succeeded();
            (await client.QueryAsync("COMMIT")).Succeeded();
        }
    }
}
