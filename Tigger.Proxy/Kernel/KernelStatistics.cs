using System.Runtime.InteropServices;

namespace Tigger.Kernel;

/// <summary>struct tg_statistics: what a pool's clients did without C#. Times in nanoseconds.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KernelStatistics
{
    public ulong Transactions;
    public ulong Queries;

    /// <summary>Bytes from clients.</summary>
    public ulong Received;

    /// <summary>Bytes to clients.</summary>
    public ulong Sent;
    public ulong TransactionTime;
    public ulong QueryTime;
    public ulong WaitTime;

    /// <summary>Servers lent.</summary>
    public ulong Assignments;

    /// <summary>Bind messages by a statement's name.</summary>
    public ulong Binds;
    public TimeHistogram TransactionTimes;
    public TimeHistogram QueryTimes;
    public TimeHistogram WaitTimes;

    public readonly PathTimes Times => new(TransactionTimes, QueryTimes, WaitTimes);

    /// <summary>Adds every figure: it is nothing but counts.</summary>
    public void Add(in KernelStatistics other)
    {
        Span<ulong> sums = MemoryMarshal.Cast<KernelStatistics, ulong>(new Span<KernelStatistics>(ref this));
        ReadOnlySpan<ulong> more = MemoryMarshal.Cast<KernelStatistics, ulong>(new ReadOnlySpan<KernelStatistics>(in other));
        for (int i = 0; i < sums.Length; i++) sums[i] += more[i];
    }
}
