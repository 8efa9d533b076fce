namespace Tigger.Control;

/// <summary>How the process ends.</summary>
public enum ShutdownMode
{
    /// <summary>At once: whoever is still connected is told and closed (SHUTDOWN, SIGQUIT).</summary>
    Immediate,

    /// <summary>When no server is in use: as PAUSE, and clients that ask for one are closed (SIGINT).</summary>
    WaitForServers,

    /// <summary>When the last client has left of its own accord (SIGTERM).</summary>
    WaitForClients,

    /// <summary>
    /// Clients are told to leave (57P01) as soon as they are not in a transaction, all others after <c>drain_timeout</c>
    /// (SIGTERM where that is set).
    /// </summary>
    Drain,
}
