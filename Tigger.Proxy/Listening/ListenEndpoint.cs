using System.Net;
using System.Net.Sockets;
using Tigger.Config;
using Tigger.Net;

namespace Tigger.Listening;

/// <summary>One address to accept clients on.</summary>
public sealed record ListenEndpoint(EndPoint Address)
{
    /// <summary>The service manager's socket: it stays when this process ends.</summary>
    public bool IsInherited { get; init; }

    public bool IsUnix => Address.AddressFamily == AddressFamily.Unix;

    /// <summary>The socket's file, if it is ours: null for TCP, abstract and inherited sockets.</summary>
    public string? SocketFile => IsUnix && !IsInherited && Address.ToString() is { } path && path.StartsWith('/') ? path : null;

    /// <summary>All addresses of a configuration: <c>listen_addr</c> × <c>listen_port</c>, and the unix socket.</summary>
    /// <exception cref="SocketException">A name cannot be resolved.</exception>
    public static IReadOnlyList<ListenEndpoint> From(TiggerConfig config)
    {
        List<ListenEndpoint> endpoints = [];
        foreach (string name in config.ListenAddr)
        {
            endpoints.AddRange(Resolve(name).Select(address => new ListenEndpoint(new IPEndPoint(address, config.ListenPort))));
        }

        if (config.UnixSocketDir.Length > 0)
        {
            endpoints.Add(new ListenEndpoint(HostResolver.UnixSocket(config.UnixSocketDir, config.ListenPort)));
        }

        return endpoints;
    }

    /// <summary>Whether a living process listens here.</summary>
    public bool IsInUse()
    {
        try
        {
            SocketFactory.Close(SocketFactory.Connect(Address));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public override string ToString() => IsUnix ? $"unix:{Address}" : $"{Address}";

    private static IPAddress[] Resolve(string name)
    {
        if (name == "*")
        {
            return Socket.OSSupportsIPv6 ? [IPAddress.Any, IPAddress.IPv6Any] : [IPAddress.Any];
        }

        return IPAddress.TryParse(name, out IPAddress? address) ? [address] : Dns.GetHostAddresses(name);
    }
}
