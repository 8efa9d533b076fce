using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Tigger.Auth;
using Tigger.Config;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Tests.Fixtures;

namespace Tigger.Tests.Pooling;

/// <summary>A pool over a real PostgreSQL whose name is looked up in the test.</summary>
public sealed class HostNameTests(PostgresServer postgres)
{
    [Fact]
    public async Task Servers_follow_a_name_to_its_new_address()
    {
        IPAddress[] addresses = [IPAddress.Loopback];
        DnsCache names = new(TimeProvider.System, _ => Task.FromResult(addresses));
        using EventLoops loops = new(1, NullLogger.Instance);
        loops.Start();
        CredentialStore credentials = new(new Dictionary<string, UserSecret>(), 4096);
        ServerConnector connector = new(loops, () => credentials, NullLogger.Instance) { Hosts = new HostResolver(names) };
        DatabaseConfig database = new() { Name = "p0", Host = ["shop.test"], Port = postgres.Port, MinPoolSize = 1 };
        TiggerConfig config = new() { Databases = new Dictionary<string, DatabaseConfig> { ["p0"] = database } };
        PoolRegistry registry = new(config, connector, TimeProvider.System, NullLogger.Instance);
        ServerPool pool = registry.GetPool(registry.FindDatabase("p0")!, Roles.Superuser);
        pool.AddClient();
        pool.EnsureServers();
        await Eventually.EqualAsync($"{IPAddress.Loopback}", AddressAsync, "the server's address");

        addresses = [IPAddress.IPv6Loopback];
        await names.RefreshAsync();
        await Eventually.EqualAsync($"{IPAddress.IPv6Loopback}", AddressAsync, "the server's address");

        pool.RemoveClient();
        pool.CloseIdle("end of the test");

        Task<string> AddressAsync() => Task.FromResult(string.Join(' ', pool.Servers.Select(one => one.RemoteEndPoint!.Address)));
    }
}
