using System.Runtime.InteropServices;

namespace Tigger.Kernel.Interop;

/// <summary><c>struct bpf_test_run_opts</c> (bpf/bpf.h). A SYSCALL program takes a context and nothing else.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TestRunOptions
{
    /// <summary>Size of this struct, bytes.</summary>
    public nuint Size;
    public void* DataIn;
    public void* DataOut;
    public uint DataSizeIn;
    public uint DataSizeOut;

    /// <summary>Copied to the program and, changed by it, back (kernel: <c>bpf_prog_test_run_syscall</c>).</summary>
    public void* ContextIn;

    /// <summary>Must be null for a SYSCALL program, or the kernel answers EINVAL.</summary>
    public void* ContextOut;
    public uint ContextSizeIn;
    public uint ContextSizeOut;

    /// <summary>What the program returned.</summary>
    public uint ReturnValue;
    public int Repeat;
    public uint DurationNanoseconds;
    public uint Flags;
    public uint Cpu;
    public uint BatchSize;
}
