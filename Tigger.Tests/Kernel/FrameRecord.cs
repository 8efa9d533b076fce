using System.Runtime.InteropServices;

namespace Tigger.Tests.Kernel;

/// <summary>Mirror of struct tigger_frame_record in Tigger.Bpf/host/pg_frame_host.c.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FrameRecord
{
    public uint Event;
    public uint Offset;
    public uint BodyLength;
    public byte Type;
    public byte FirstBodyByte;
    public ushort Padding;
}
