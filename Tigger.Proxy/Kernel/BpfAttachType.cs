namespace Tigger.Kernel;

/// <summary>The values of <c>enum bpf_attach_type</c> (linux/bpf.h) that are used here.</summary>
public enum BpfAttachType
{
    /// <summary>BPF_CGROUP_SOCK_OPS: runs when a connection of the cgroup's processes is established, or changes its state.</summary>
    CgroupSocketOperations = 3,

    /// <summary>BPF_SK_MSG_VERDICT: runs in the <c>send()</c> of every socket that enters the map from now on.</summary>
    SocketMessage = 7,

    /// <summary>BPF_SK_SKB_VERDICT: runs when a segment arrives at a socket of the map.</summary>
    SocketSegment = 38,
}
