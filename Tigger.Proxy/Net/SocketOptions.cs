using Tigger.Config;

namespace Tigger.Net;

/// <summary>TCP settings of a connection, PgBouncer's <c>tcp_*</c>; 0 leaves the system's default.</summary>
/// <param name="SocketBuffer">SO_SNDBUF and SO_RCVBUF in bytes.</param>
/// <param name="KeepAlive">SO_KEEPALIVE.</param>
/// <param name="KeepCount">Probes before the connection is dead.</param>
/// <param name="KeepIdle">Seconds of silence before the first probe.</param>
/// <param name="KeepInterval">Seconds between probes.</param>
/// <param name="UserTimeout">TCP_USER_TIMEOUT in milliseconds.</param>
public sealed record SocketOptions(
    int SocketBuffer, bool KeepAlive, int KeepCount, int KeepIdle, int KeepInterval, int UserTimeout)
{
    public static SocketOptions From(TiggerConfig config) => new(
        config.TcpSocketBuffer,
        config.TcpKeepalive,
        config.TcpKeepcnt,
        (int)config.TcpKeepidle.TotalSeconds,
        (int)config.TcpKeepintvl.TotalSeconds,
        (int)config.TcpUserTimeout.TotalMilliseconds);
}
