namespace Tigger.Config;

// Settings of the group "Low level": PgBouncer's names, meanings and defaults.
public sealed partial record TiggerConfig
{
    /// <summary><c>pkt_buf</c>: Size of an I/O buffer. In bytes.</summary>
    public int PktBuf { get; init; } = 4096;

    /// <summary><c>max_packet_size</c>: Largest protocol message let through. In bytes.</summary>
    public long MaxPacketSize { get; init; } = int.MaxValue;

    /// <summary><c>listen_backlog</c>: Backlog given to listen(2).</summary>
    public int ListenBacklog { get; init; } = 128;

    /// <summary><c>sbuf_loopcnt</c>: Reads from one connection before others get a turn; 0 = no limit.</summary>
    public int SbufLoopcnt { get; init; } = 5;

    /// <summary><c>so_reuseport</c>: Set SO_REUSEPORT, so that several processes may listen on one port.</summary>
    public bool SoReuseport { get; init; }

    /// <summary><c>tcp_defer_accept</c>: Set TCP_DEFER_ACCEPT (45 s) on the listening sockets.</summary>
    public bool TcpDeferAccept { get; init; } = true;

    /// <summary><c>tcp_socket_buffer</c>: Send and receive buffer of the kernel; 0 = the system's. In bytes.</summary>
    public int TcpSocketBuffer { get; init; }

    /// <summary><c>tcp_keepalive</c>: Turn TCP keepalive on.</summary>
    public bool TcpKeepalive { get; init; } = true;

    /// <summary><c>tcp_keepcnt</c>: Unanswered keepalive probes before the connection is dropped; 0 = the system's.</summary>
    public int TcpKeepcnt { get; init; }

    /// <summary><c>tcp_keepidle</c>: Idle time before the first keepalive probe; 0 = the system's. In seconds.</summary>
    public TimeSpan TcpKeepidle { get; init; }

    /// <summary><c>tcp_keepintvl</c>: Interval between keepalive probes; 0 = the system's. In seconds.</summary>
    public TimeSpan TcpKeepintvl { get; init; }

    /// <summary><c>tcp_user_timeout</c>: Longest time sent data may stay unacknowledged, bare number = milliseconds; 0 = the system's.</summary>
    public TimeSpan TcpUserTimeout { get; init; }
}
