namespace Tigger.Tests.Fixtures;

/// <summary>
/// Where the parts of a test run, and by which addresses they know each other. PostgreSQL is one for all and never moves; an
/// end is made remote by where the pooler is and where the sockets of the clients are made.
/// </summary>
/// <param name="Pooler">The pooler's network; null is ours.</param>
/// <param name="Clients">The network of the clients; null is ours.</param>
/// <param name="PoolerHost">Where the pooler listens and the clients dial.</param>
/// <param name="ServerHost">Where the pooler finds PostgreSQL, or a scripted server.</param>
public sealed record Topology(NetworkNamespace? Pooler, NetworkNamespace? Clients, string PoolerHost, string ServerHost)
{
    public const string Loopback = "127.0.0.1";

    public static Topology Of(DataPath path) => path switch
    {
        DataPath.User or DataPath.Kernel => new(null, null, Loopback, Loopback),
        DataPath.KernelRemoteClient => new(null, RemoteHost.Network, RemoteHost.NearAddress, Loopback),
        DataPath.KernelRemoteServer => new(RemoteHost.Network, RemoteHost.Network, Loopback, RemoteHost.NearAddress),
        DataPath.KernelRemote => new(RemoteHost.Network, null, RemoteHost.FarAddress, RemoteHost.NearAddress),
        _ => throw new ArgumentOutOfRangeException(nameof(path)),
    };
}
