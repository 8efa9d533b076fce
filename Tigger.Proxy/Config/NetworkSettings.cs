using static Tigger.Config.SettingFactory<Tigger.Config.TiggerConfig>;

namespace Tigger.Config;

/// <summary>The table entries of the group "Low level".</summary>
internal static class NetworkSettings
{
    public static IReadOnlyList<Setting<TiggerConfig>> Entries { get; } =
    [
        IntSize("pkt_buf", "4096", 256, 1 << 26, c => c.PktBuf, (c, v) => c with { PktBuf = v }, "Size of an I/O buffer.").NeedsRestart(),
        Size("max_packet_size", "2147483647", 256, uint.MaxValue, c => c.MaxPacketSize, (c, v) => c with { MaxPacketSize = v }, "Largest protocol message let through."),
        Int("listen_backlog", "128", c => c.ListenBacklog, (c, v) => c with { ListenBacklog = v }, "Backlog given to listen(2).").NeedsRestart(),
        Int("sbuf_loopcnt", "5", c => c.SbufLoopcnt, (c, v) => c with { SbufLoopcnt = v }, "Reads from one connection before others get a turn; 0 = no limit."),
        Flag("so_reuseport", "0", c => c.SoReuseport, (c, v) => c with { SoReuseport = v }, "Set SO_REUSEPORT, so that several processes may listen on one port.").NeedsRestart(),
        Flag("tcp_defer_accept", "1", c => c.TcpDeferAccept, (c, v) => c with { TcpDeferAccept = v }, "Set TCP_DEFER_ACCEPT (45 s) on the listening sockets."),
        IntSize("tcp_socket_buffer", "0", 0, int.MaxValue, c => c.TcpSocketBuffer, (c, v) => c with { TcpSocketBuffer = v }, "Send and receive buffer of the kernel; 0 = the system's."),
        Flag("tcp_keepalive", "1", c => c.TcpKeepalive, (c, v) => c with { TcpKeepalive = v }, "Turn TCP keepalive on."),
        Int("tcp_keepcnt", "0", c => c.TcpKeepcnt, (c, v) => c with { TcpKeepcnt = v }, "Unanswered keepalive probes before the connection is dropped; 0 = the system's."),
        WholeSecondsOrZero("tcp_keepidle", "0", c => c.TcpKeepidle, (c, v) => c with { TcpKeepidle = v }, "Idle time before the first keepalive probe; 0 = the system's."),
        WholeSecondsOrZero("tcp_keepintvl", "0", c => c.TcpKeepintvl, (c, v) => c with { TcpKeepintvl = v }, "Interval between keepalive probes; 0 = the system's."),
        Milliseconds("tcp_user_timeout", "0", c => c.TcpUserTimeout, (c, v) => c with { TcpUserTimeout = v }, "Longest time sent data may stay unacknowledged, bare number = milliseconds; 0 = the system's."),
    ];
}
