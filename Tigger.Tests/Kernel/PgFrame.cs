using System.Runtime.InteropServices;

namespace Tigger.Tests.Kernel;

/// <summary>Mirror of struct pg_frame in Tigger.Bpf/pg_frame.h; its size is asserted.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PgFrame
{
    public uint Remaining;
    public uint BodyLength;
    public uint PartialLength;
    public uint MaxLength;
    public byte HeaderBytes;
    public byte Type;
    public byte FirstBodyByte;
    public byte Invalid;
}
