using System.Net;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Integration;

/// <summary>Three poolers on two hosts behind a load balancer that knows nothing of cancel requests.</summary>
public sealed class ScaleOutTests(PostgresServer postgres) : PoolerTest(postgres)
{
    private const string Cancelled = "57014";
    private const int ClientsPerPooler = 2;

    // Two of them are where a remote pooler would be; their clients, and the balancer, are on our host.
    private static readonly DataPath[] Places = [DataPath.KernelRemoteClient, DataPath.KernelRemote, DataPath.KernelRemote];

    [Theory]
    [InlineData("user")]
    [InlineData("auto")]
    public async Task Cancel_requests_find_their_client_wherever_the_balancer_sends_them(string dataPath)
    {
        Assert.SkipWhen(RemoteHost.SkipReason is not null, $"{RemoteHost.SkipReason}");
        List<TiggerProcess> poolers = [];
        foreach (var place in Places)
            poolers.Add(await StartAsync(NewConfig(place).Unset("kernel_path").Set("data_path", dataPath).Set("peer_id", poolers.Count + 1)));
        // All have the same list, themselves included, as one would roll it out.
        foreach (var pooler in poolers)
        {
            for (var i = 0; i < poolers.Count; i++)
                pooler.Config.Peer(i + 1, ("host", poolers[i].Host), ("port", poolers[i].Port));
            (await pooler.ReloadAsync()).Succeeded();
        }

        await using RoundRobinBalancer balancer = new([.. poolers.Select(pooler => new IPEndPoint(IPAddress.Parse(pooler.Host), pooler.Port))]);
        List<RawClient> clients = [];
        for (var i = 0; i < ClientsPerPooler * poolers.Count; i++)
        {
            var client = Own(await balancer.ConnectAsync());
            await client.LoginAsync(Roles.Superuser, Database);
            await client.SendAsync(Frontend.Query("SELECT pg_sleep(60)"));
            clients.Add(client);
        }

        await Eventually.EqualAsync(clients.Count, () => Postgres.CountBackendsAsync(ServerDatabase, "wait_event = 'PgSleep'"), "sleeping backends");
        // One connection in between: from here on each request comes to a pooler that does not have the client.
        await (await balancer.ConnectAsync()).DisposeAsync();
        foreach (var client in clients)
        {
            await using var request = await balancer.ConnectAsync();
            await request.SendAsync(Frontend.Cancel(client.Pid, client.Secret));
            Assert.Empty(await request.ReadToEndAsync());
        }

        foreach (var client in clients)
            Assert.Equal(Cancelled, (await client.ReadReplyAsync()).SqlState);
        long forwarded = 0;
        foreach (var pooler in poolers)
        {
            await using var admin = await pooler.AdminAsync();
            forwarded += (await admin.CountersAsync())["cancel_forwarded"];
        }

        Assert.Equal(clients.Count, forwarded);
    }
}
