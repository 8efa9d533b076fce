namespace Tigger.Protocol;

/// <summary>The members of the startup family.</summary>
public enum StartupPacketKind
{
    /// <summary>StartupMessage with protocol 3.x.</summary>
    Startup,
    SslRequest,
    GssEncRequest,
    CancelRequest,
}
