namespace Tigger.Control;

/// <summary>The figures of one pool now and at the last two samples.</summary>
internal sealed class StatsHistory
{
    /// <summary>The newest totals seen.</summary>
    public StatsFigures Latest => User.Plus(Kernel);

    /// <summary>Of these, what was on the user path.</summary>
    public StatsFigures User { get; private set; } = StatsFigures.Zero;

    /// <summary>Of these, what was on the kernel path.</summary>
    public StatsFigures Kernel { get; private set; } = StatsFigures.Zero;

    /// <summary>Totals one sample before the last: what averages count from.</summary>
    public StatsFigures Older { get; private set; } = StatsFigures.Zero;

    private StatsFigures Newer { get; set; } = StatsFigures.Zero;

    /// <summary>
    /// A session that ended between the reading of ended and of live sessions is missing from <paramref name="user"/> this
    /// once; totals shown must never go down.
    /// </summary>
    public void Observe(StatsFigures user, StatsFigures kernel)
    {
        User = User.Max(user);
        Kernel = Kernel.Max(kernel);
    }

    public void Sample()
    {
        Older = Newer;
        Newer = Latest;
    }
}
