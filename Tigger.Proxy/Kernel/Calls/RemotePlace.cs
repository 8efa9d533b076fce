namespace Tigger.Kernel.Calls;

/// <summary>Who is on another host, for a client.</summary>
public enum RemotePlace : uint
{
    /// <summary>Not the client: its own socket is in the kernel's hands.</summary>
    NotClient = 0,

    /// <summary>The client, and PostgreSQL is on this host.</summary>
    ClientOnly = 1,

    /// <summary>The client, and PostgreSQL too.</summary>
    BothEnds = 2,
}
