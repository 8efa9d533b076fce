namespace Tigger.Tests.Fixtures;

/// <summary>Who moves the bytes of an established session, and between which hosts.</summary>
public enum DataPath
{
    /// <summary>The C# relay.</summary>
    User,

    /// <summary>eBPF, from socket to socket: clients, pooler and PostgreSQL are on one host.</summary>
    Kernel,

    /// <summary>eBPF, with clients on another host.</summary>
    KernelRemoteClient,

    /// <summary>eBPF, with PostgreSQL on another host.</summary>
    KernelRemoteServer,

    /// <summary>eBPF, with the pooler on a host of its own.</summary>
    KernelRemote,
}
