namespace Tigger.Benchmarks.Report;

/// <summary>What <c>report</c> measures, as given on the command line.</summary>
internal sealed record ReportOptions
{
    public required string Output { get; init; }
    /// <summary>Of <see cref="ReportMatrix.Sections"/>.</summary>
    public required IReadOnlyList<string> Sections { get; init; }
    public required IReadOnlyList<string> Targets { get; init; }
    public required IReadOnlyList<string> Workloads { get; init; }
    public required IReadOnlyList<int> Clients { get; init; }
    public required int Rounds { get; init; }
    public required int Seconds { get; init; }
    public required int Scale { get; init; }
    /// <summary>Clients that do nothing, in the section idle.</summary>
    public required int IdleClients { get; init; }
    /// <summary>When it is over, no further measurement is begun.</summary>
    public required TimeSpan Budget { get; init; }
    /// <summary>Only make the page from the raw data that is there.</summary>
    public required bool PageOnly { get; init; }
}
