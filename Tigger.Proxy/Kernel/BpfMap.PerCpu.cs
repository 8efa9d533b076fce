using Tigger.Kernel.Interop;

namespace Tigger.Kernel;

/// <summary>Per-CPU maps: a key has one value for each CPU the machine could have.</summary>
public sealed unsafe partial class BpfMap
{
    /// <summary>The kernel rounds each CPU's value up to 8 bytes.</summary>
    private const uint Alignment = 8;

    /// <summary>CPUs that a per-CPU map has values for, whether they are there or not.</summary>
    public static int PossibleCpus { get; } = BpfException.Check(LibBpf.PossibleCpus(), "libbpf_num_possible_cpus");

    /// <param name="key">The key.</param>
    /// <param name="values">Receives one value for each of <see cref="PossibleCpus"/>.</param>
    /// <returns>False when there is no such key.</returns>
    /// <exception cref="BpfException">Any other failure.</exception>
    public bool LookupPerCpu<TKey, TValue>(TKey key, Span<TValue> values)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        ExpectPerCpu<TKey, TValue>(values.Length);
        using HandleUse use = new(_owner);
        fixed (TValue* start = values)
        {
            int result = LibBpf.LookupElement(Fd, &key, start);
            return result == 0 || (result == -NoEntry ? false : BpfException.Check(result, $"bpf_map_lookup_elem of {Name}") >= 0);
        }
    }

    /// <summary>Sets one value for each of <see cref="PossibleCpus"/>.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void UpdatePerCpu<TKey, TValue>(TKey key, ReadOnlySpan<TValue> values)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        ExpectPerCpu<TKey, TValue>(values.Length);
        using HandleUse use = new(_owner);
        fixed (TValue* start = values)
        {
            BpfException.Check(LibBpf.UpdateElement(Fd, &key, start, (ulong)BpfUpdate.Any), $"bpf_map_update_elem of {Name}");
        }
    }

    private void ExpectPerCpu<TKey, TValue>(int count)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        uint size = (ValueSize + Alignment - 1) / Alignment * Alignment;
        if (sizeof(TKey) != KeySize || sizeof(TValue) != size || count != PossibleCpus)
        {
            throw new InvalidOperationException(
                $"{Name} has keys of {KeySize} bytes and {PossibleCpus} values of {size}, not {sizeof(TKey)} and {count} of {sizeof(TValue)}");
        }
    }
}
