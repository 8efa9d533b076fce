using System.Runtime.InteropServices;
using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>A map in the kernel. Valid as long as the <see cref="BpfObject"/> it was found in.</summary>
public sealed unsafe partial class BpfMap
{
    /// <summary>errno of a key that is not there (asm-generic/errno-base.h).</summary>
    private const int NoEntry = 2;

    private readonly SafeHandle _owner;

    internal BpfMap(string name, nint map, SafeHandle owner)
        : this(name, LibBpf.MapFd(map), LibBpf.MapKeySize(map), LibBpf.MapValueSize(map), owner)
    {
    }

    internal BpfMap(string name, int fd, uint keySize, uint valueSize, SafeHandle owner)
    {
        Name = name;
        Fd = fd;
        KeySize = keySize;
        ValueSize = valueSize;
        _owner = owner;
    }

    public string Name { get; }

    /// <summary>Bytes.</summary>
    public uint KeySize { get; }

    /// <summary>Bytes. For a per-CPU map, of one CPU's value.</summary>
    public uint ValueSize { get; }

    /// <summary>The object's: not to be closed, not to be used after it.</summary>
    internal int Fd { get; }

    /// <summary>
    /// Sets a value. In a socket map the value is a socket's descriptor, in socket storage the key is one; they are 4 or 8
    /// bytes as the map says.
    /// </summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Update<TKey, TValue>(TKey key, TValue value, BpfUpdate mode = BpfUpdate.Any)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        ExpectSizes(sizeof(TKey), sizeof(TValue));
        using HandleUse use = new(_owner);
        BpfException.Check(LibBpf.UpdateElement(Fd, &key, &value, (ulong)mode), $"bpf_map_update_elem of {Name}");
    }

    /// <summary>Sets a value of which only the beginning is C#'s; behind that it is zero.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void UpdateBeginning<TKey, TBeginning>(TKey key, TBeginning beginning)
        where TKey : unmanaged
        where TBeginning : unmanaged
    {
        ExpectSizes(sizeof(TKey), (int)ValueSize);
        Span<byte> value = stackalloc byte[(int)ValueSize];
        value.Clear();
        MemoryMarshal.Write(value, in beginning);
        using HandleUse use = new(_owner);
        fixed (byte* bytes = value)
        {
            BpfException.Check(LibBpf.UpdateElement(Fd, &key, bytes, (ulong)BpfUpdate.Any), $"bpf_map_update_elem of {Name}");
        }
    }

    /// <returns>False when there is no such key.</returns>
    /// <exception cref="BpfException">Any other failure.</exception>
    public bool TryLookup<TKey, TValue>(TKey key, out TValue value)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        ExpectSizes(sizeof(TKey), sizeof(TValue));
        using HandleUse use = new(_owner);
        TValue found = default;
        int result = LibBpf.LookupElement(Fd, &key, &found);
        value = found;
        return result == 0 || (result == -NoEntry ? false : BpfException.Check(result, $"bpf_map_lookup_elem of {Name}") >= 0);
    }

    /// <returns>False when there is no such key.</returns>
    /// <exception cref="BpfException">Any other failure.</exception>
    public bool Delete<TKey>(TKey key)
        where TKey : unmanaged
    {
        ExpectSizes(sizeof(TKey), (int)ValueSize);
        using HandleUse use = new(_owner);
        int result = LibBpf.DeleteElement(Fd, &key);
        return result == 0 || (result == -NoEntry ? false : BpfException.Check(result, $"bpf_map_delete_elem of {Name}") >= 0);
    }

    /// <summary>The kernel copies as many bytes as the map says, whatever the caller's struct has.</summary>
    private void ExpectSizes(int key, int value)
    {
        if (key != KeySize || value != ValueSize)
        {
            throw new InvalidOperationException($"{Name} has keys of {KeySize} and values of {ValueSize} bytes, not {key} and {value}");
        }
    }
}
