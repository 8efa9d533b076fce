using System.Runtime.InteropServices;

namespace Tigger.Kernel;

/// <summary>The structs of Tigger.Bpf/probe.bpf.c, under the same names.</summary>
internal static class ProbeLayout
{
    /// <summary>PROBE_WORD: what probe_push and probe_inject add.</summary>
    public static ReadOnlySpan<byte> Word => "tail"u8;

    /// <summary>PROBE_APPLY_BYTES.</summary>
    public const int ApplyBytes = 4;

    /// <summary>PROBE_ROUNDS: the most one call of probe_lock_call does.</summary>
    public const int Rounds = 64;

    /// <summary>struct probe_end.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct End
    {
        public uint Slot;
        public uint Injecting;
        public uint Runs;
        public uint Failures;
        public uint Element;
        public uint Unread;
    }

    /// <summary>struct probe_pool. The kernel copies the lock as zero.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Pool
    {
        public uint Lock;
        public uint Padding;
        public ulong Taken;
        public ulong Returned;
        public ulong Torn;
    }

    /// <summary>struct probe_visit.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Visit
    {
        public uint Rounds;
        public uint Padding;
        public ulong Taken;
    }

    /// <summary>struct probe_record.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Record
    {
        public uint Slot;
        public uint Size;
        public uint Unread;
        public uint Padding;
        public ulong BytesReceived;
    }
}
