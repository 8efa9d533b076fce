namespace Tigger.Sessions;

/// <summary>Where a client is in its life, and who may touch its socket.</summary>
public enum SessionState
{
    /// <summary>Startup and authentication: the login task owns the socket.</summary>
    Login,

    /// <summary>Logged in, no server: the loop reads its next request.</summary>
    Idle,

    /// <summary>In the pool's queue: its request is kept, nothing is read, until the pool grants a server.</summary>
    Waiting,

    /// <summary>Linked to a server: bytes move both ways under the session's lock.</summary>
    Active,

    /// <summary>The kernel moves its bytes: whether it waits or has a server stands in its slot.</summary>
    Kernel,

    /// <summary>Told why it is being closed: what it was owed is flushed and its end of stream awaited, nothing else.</summary>
    Closing,

    /// <summary>The socket is closed.</summary>
    Closed,
}
