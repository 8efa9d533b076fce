namespace Tigger.Kernel;

/// <summary>Flags of BPF_MAP_UPDATE_ELEM (linux/bpf.h).</summary>
public enum BpfUpdate : ulong
{
    Any = 0,

    /// <summary>BPF_NOEXIST: fail with EEXIST when the key is there.</summary>
    Add = 1,

    /// <summary>BPF_EXIST: fail with ENOENT when it is not.</summary>
    Replace = 2,
}
