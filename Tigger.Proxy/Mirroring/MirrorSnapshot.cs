using Tigger.Kernel;

namespace Tigger.Mirroring;

/// <summary>The numbers of a mirror.</summary>
internal sealed record MirrorSnapshot
{
    /// <summary>Transactions of sessions that are mirrored.</summary>
    public required long Sent { get; init; }

    /// <summary>Those that wait, or are being carried out.</summary>
    public required long Queued { get; init; }

    /// <summary>Those that were not wanted (<c>statements</c>).</summary>
    public required long Skipped { get; init; }

    /// <summary>By <see cref="MirrorDropReason"/>.</summary>
    public required IReadOnlyList<long> Dropped { get; init; }

    /// <summary>By <see cref="MirrorComparison"/>.</summary>
    public required IReadOnlyList<long> Outcomes { get; init; }

    /// <summary>Those that were carried out.</summary>
    public long Mirrored => Outcomes.Sum();

    /// <summary>Times of the mirrored ones on the primary, without the clients' own.</summary>
    public required TimeHistogram PrimaryTimes { get; init; }

    /// <summary>Times of the same ones on the mirror.</summary>
    public required TimeHistogram MirrorTimes { get; init; }

    /// <summary>All of <see cref="PrimaryTimes"/> together.</summary>
    public required TimeSpan PrimaryTime { get; init; }

    /// <summary>All of <see cref="MirrorTimes"/> together.</summary>
    public required TimeSpan MirrorTime { get; init; }
}
