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
}
