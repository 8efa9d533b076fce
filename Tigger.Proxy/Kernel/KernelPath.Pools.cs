using System.Text.Json;
using Tigger.Kernel.Slots;

namespace Tigger.Kernel;

/// <summary>Numbers of pools, and what the programs have counted.</summary>
public sealed partial class KernelPath
{
    private static readonly string[] CounterNames =
        [.. Enum.GetNames<KernelCounter>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>A number for a pool, 1 to 255, with no flags, no budget and empty statistics; -1 when all are used.</summary>
    public int AllocatePool()
    {
        int number = _freePools.Take();
        if (number < 0) return number;
        ref PoolSlot pool = ref Slots.Pool((uint)number);
        pool.Lower((PoolSlotFlags)uint.MaxValue);
        pool.Budget = 0;
        pool.CheckDelay = 0;
        pool.MaxMessage = 0;
        _object.Map("statistics").UpdatePerCpu<uint, KernelStatistics>((uint)number, new KernelStatistics[BpfMap.PossibleCpus]);
        return number;
    }

    /// <summary>Another pool may have the number: no client or server has it any more.</summary>
    public void FreePool(int pool) => _freePools.Return(pool);

    /// <summary>What the programs did for a pool since it was allocated, by all CPUs.</summary>
    public KernelStatistics Statistics(int pool)
    {
        KernelStatistics[] each = new KernelStatistics[BpfMap.PossibleCpus];
        _object.Map("statistics").LookupPerCpu((uint)pool, each.AsSpan());
        KernelStatistics sum = default;
        foreach (ref KernelStatistics one in each.AsSpan()) sum.Add(one);
        return sum;
    }

    /// <summary>How often something has happened, on all CPUs.</summary>
    public ulong Counter(KernelCounter counter)
    {
        ulong[] each = new ulong[BpfMap.PossibleCpus];
        _object.Map("counters").LookupPerCpu((uint)counter, each.AsSpan());
        return each.Aggregate(0ul, (sum, one) => sum + one);
    }

    /// <summary>Errors that went to clients on the kernel path, by the number of their class of SQLSTATE; those that have occurred.</summary>
    public IEnumerable<(int Class, ulong Count)> Errors()
    {
        ulong[] each = new ulong[BpfMap.PossibleCpus];
        BpfMap errors = _object.Map("errors");
        for (int number = 0; number < SlotLimits.ErrorClasses; number++)
        {
            errors.LookupPerCpu((uint)number, each.AsSpan());
            ulong sum = each.Aggregate(0ul, (sum, one) => sum + one);
            if (sum > 0)
            {
                yield return (number, sum);
            }
        }
    }

    /// <summary>All of them by their names in snake_case, in the order of <see cref="KernelCounter"/>.</summary>
    public IReadOnlyList<(string Name, ulong Value)> Counters() =>
        [.. CounterNames.Select((name, index) => (name, Counter((KernelCounter)index)))];
}
