using System.Runtime.InteropServices;

namespace Tigger.Kernel.Interop;

/// <summary>The head of <c>struct bpf_object_open_opts</c>: libbpf reads as many bytes as <see cref="Size"/> says.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ObjectOpenOptions
{
    /// <summary>Size of this struct, bytes.</summary>
    public nuint Size;

    /// <summary>Null-terminated; libbpf copies it.</summary>
    public byte* ObjectName;
}
