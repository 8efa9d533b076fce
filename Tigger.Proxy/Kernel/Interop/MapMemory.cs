using System.Runtime.InteropServices;

namespace Tigger.Kernel.Interop;

/// <summary>
/// An array map's values in this process's memory (BPF_F_MMAPABLE). Keeps the map in the kernel, also when its object is gone.
/// Whoever uses the address after this was disposed crashes the process.
/// </summary>
internal sealed unsafe class MapMemory : IDisposable
{
    private const int ReadWrite = 3;
    private const int Shared = 1;
    private static readonly nint Failed = -1;

    private readonly nuint _length;
    private byte* _start;

    /// <param name="map">The array.</param>
    /// <param name="length">Bytes of all its values, each rounded up to 8.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public MapMemory(BpfMap map, long length)
    {
        long page = Environment.SystemPageSize;
        _length = (nuint)((length + page - 1) / page * page);
        nint start = LibC.MapMemory(0, _length, ReadWrite, Shared, map.Fd, 0);
        _start = start != Failed ? (byte*)start : throw new BpfException($"mmap of {map.Name}", Marshal.GetLastPInvokeError());
    }

    /// <summary>Address of the first value.</summary>
    /// <exception cref="ObjectDisposedException">It is not mapped any more.</exception>
    public byte* Start => _start != null ? _start : throw new ObjectDisposedException(nameof(MapMemory));

    public void Dispose()
    {
        byte* start = _start;
        _start = null;
        if (start != null) _ = LibC.UnmapMemory((nint)start, _length);
    }
}
