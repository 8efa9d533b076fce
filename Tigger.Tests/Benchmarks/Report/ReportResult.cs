namespace Tigger.Benchmarks.Report;

/// <summary>What one measurement gave; one line of the raw data.</summary>
internal sealed record ReportResult(ReportCell Cell, DateTimeOffset Time)
{
    /// <summary>Why there are no figures: it cannot be measured here, or failed.</summary>
    public string? Missing { get; init; }

    /// <summary>What the program that was measured says of itself.</summary>
    public string? Version { get; init; }

    public double TransactionsPerSecond { get; init; }

    /// <summary>Milliseconds at 0, 1, … 100 % of the transactions that only read, and of the others.</summary>
    public IReadOnlyList<double> ReadLatencies { get; init; } = [];

    public IReadOnlyList<double> WriteLatencies { get; init; } = [];

    public double P50 { get; init; }

    public double P99 { get; init; }

    /// <summary>Cores that were busy, on average: of the pooler, of the whole machine.</summary>
    public double ProxyCores { get; init; }

    public double MachineCores { get; init; }

    /// <summary>The pooler's memory in bytes.</summary>
    public long ProxyMemory { get; init; }

    /// <summary>Transactions of each client to the mean of all, sorted, at most 101 of them.</summary>
    public IReadOnlyList<double> Shares { get; init; } = [];

    /// <summary>Transactions in each tenth of a second.</summary>
    public IReadOnlyList<int> Timeline { get; init; } = [];
}
