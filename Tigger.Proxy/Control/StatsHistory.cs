namespace Tigger.Control;

/// <summary>The figures of one pool now and at the last two samples.</summary>
internal sealed class StatsHistory
{
    /// <summary>The newest totals seen.</summary>
    public StatsFigures Latest { get; private set; } = StatsFigures.Zero;

    /// <summary>Totals one sample before the last: what averages count from.</summary>
    public StatsFigures Older { get; private set; } = StatsFigures.Zero;

    private StatsFigures Newer { get; set; } = StatsFigures.Zero;

    /// <summary>
    /// A session that ended between the reading of ended and of live sessions is missing from <paramref name="totals"/> this
    /// once; totals shown must never go down.
    /// </summary>
    public void Observe(StatsFigures totals) => Latest = Latest.Max(totals);

    public void Sample()
    {
        Older = Newer;
        Newer = Latest;
    }
}
