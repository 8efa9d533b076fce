using System.Net;
using System.Net.Sockets;
using Tigger.Net;

namespace Tigger.Tests.Net;

public sealed class HostResolverTests
{
    private static readonly HostResolver Resolver = new(new DnsCache(TimeProvider.System));

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:5432")]
    [InlineData("::1", "[::1]:5432")]
    [InlineData("2001:db8::7", "[2001:db8::7]:5432")]
    public async Task ResolveAsync_Address_IsItself(string host, string expected) =>
        Assert.Equal(expected, Assert.Single(await Resolver.ResolveAsync(host, 5432, CancellationToken.None)).ToString());

    [Fact]
    public async Task ResolveAsync_Localhost_IsLoopbackWithThePort()
    {
        IReadOnlyList<EndPoint> found = await Resolver.ResolveAsync("localhost", 6432, CancellationToken.None);
        Assert.NotEmpty(found);
        Assert.All(found.Cast<IPEndPoint>(), one => Assert.True(IPAddress.IsLoopback(one.Address) && one.Port == 6432, one.ToString()));
    }

    [Theory]
    [InlineData("/run/pg", "/run/pg/.s.PGSQL.5433")]
    [InlineData("@pg", "@pg/.s.PGSQL.5433")]
    public async Task ResolveAsync_Directory_IsItsSocket(string host, string expected)
    {
        EndPoint found = Assert.Single(await Resolver.ResolveAsync(host, 5433, CancellationToken.None));
        Assert.Equal(AddressFamily.Unix, found.AddressFamily);
        Assert.Equal(expected, found.ToString());
    }
}
