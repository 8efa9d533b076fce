namespace Tigger.Kernel;

/// <summary>The capabilities that BPF asks for, by number (linux/capability.h, capabilities(7)).</summary>
public enum Capability
{
    /// <summary>CAP_NET_ADMIN: socket maps, sk_msg and sock_ops programs.</summary>
    NetAdmin = 12,

    /// <summary>CAP_SYS_ADMIN: what the two below were split from in Linux 5.8, and still stands for both.</summary>
    SysAdmin = 21,

    /// <summary>CAP_PERFMON: programs that follow a pointer into the kernel, such as that to <c>struct tcp_sock</c>.</summary>
    Perfmon = 38,

    /// <summary>CAP_BPF: loading programs and creating maps.</summary>
    Bpf = 39,
}
