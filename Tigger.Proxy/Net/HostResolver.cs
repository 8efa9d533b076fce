using System.Net;
using System.Net.Sockets;

namespace Tigger.Net;

/// <summary>Turns a configured host into addresses to try: IP address, name, socket directory, or abstract socket (@).</summary>
public sealed class HostResolver(DnsCache names)
{
    /// <summary>What is known of host names.</summary>
    public DnsCache Names { get; } = names;

    /// <exception cref="SocketException">The name cannot be resolved.</exception>
    public async Task<IReadOnlyList<EndPoint>> ResolveAsync(string host, int port, CancellationToken cancellation)
    {
        if (host.StartsWith('/') || host.StartsWith('@'))
        {
            return [UnixSocket(host, port)];
        }

        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return [new IPEndPoint(address, port)];
        }

        return [.. (await Names.ResolveAsync(host, cancellation)).Select(found => new IPEndPoint(found, port))];
    }

    /// <summary>PostgreSQL's socket in a directory; <c>@name</c> is a socket without a file.</summary>
    public static UnixDomainSocketEndPoint UnixSocket(string directory, int port)
    {
        string path = $"{directory}/.s.PGSQL.{port}";
        return new UnixDomainSocketEndPoint(path.StartsWith('@') ? "\0" + path[1..] : path);
    }
}
