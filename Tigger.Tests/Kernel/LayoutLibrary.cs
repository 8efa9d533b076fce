using System.Runtime.InteropServices;

namespace Tigger.Tests.Kernel;

/// <summary>tg_state.h as the host compiles it; built by Tigger.Bpf/Makefile.</summary>
internal static unsafe partial class LayoutLibrary
{
    private const string Library = "libtglayout.so";

    [ThreadStatic]
    private static List<LayoutRecord>? _collected;

    public static IReadOnlyList<LayoutRecord> Structs()
    {
        _collected = [];
        ReportStructs(&Collect);
        return _collected;
    }

    public static IReadOnlyList<LayoutRecord> Enums()
    {
        _collected = [];
        ReportEnums(&Collect);
        return _collected;
    }

    [UnmanagedCallersOnly]
    private static void Collect(byte* name, byte* field, uint offset, uint size) =>
        _collected!.Add(new(Marshal.PtrToStringUTF8((nint)name)!, Marshal.PtrToStringUTF8((nint)field), offset, size));

    [LibraryImport(Library, EntryPoint = "tigger_structs")]
    private static partial void ReportStructs(delegate* unmanaged<byte*, byte*, uint, uint, void> report);

    [LibraryImport(Library, EntryPoint = "tigger_enums")]
    private static partial void ReportEnums(delegate* unmanaged<byte*, byte*, uint, uint, void> report);
}
