using System.Runtime.InteropServices;

namespace Tigger.Tests.Kernel;

/// <summary>pg_frame.h as the host compiles it; built by Tigger.Bpf/Makefile.</summary>
internal static unsafe partial class PgFrameLibrary
{
    [LibraryImport("libpgframe.so", EntryPoint = "tigger_frame_size")]
    public static partial uint FrameSize();

    [LibraryImport("libpgframe.so", EntryPoint = "tigger_frame_next")]
    public static partial int Next(PgFrame* frame, byte* data, uint length, uint* offset);

    [LibraryImport("libpgframe.so", EntryPoint = "tigger_frame_walk")]
    public static partial uint Walk(PgFrame* frame, byte* data, uint length, FrameRecord* records, uint capacity);
}
