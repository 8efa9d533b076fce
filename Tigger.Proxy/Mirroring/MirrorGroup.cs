using Tigger.Config;
using Tigger.Pooling;
using Tigger.Telemetry.Transactions;

namespace Tigger.Mirroring;

/// <summary>
/// Everything a database's transactions are sent on to: its mirrors, its query log and its traces, as configured, and recordings
/// under way.
/// </summary>
internal sealed class MirrorGroup(PoolRegistry registry)
{
    private readonly Lock _lock = new();
    private IReadOnlyList<Mirror> _mirrors = [];
    private IReadOnlyList<TransactionObserver> _observers = [];
    private readonly List<TransactionSink> _others = [];
    private volatile TransactionSink[] _sinks = [];

    /// <summary>Another array after each change.</summary>
    public TransactionSink[] Sinks => _sinks;

    public IReadOnlyList<Mirror> Mirrors => [.. _sinks.OfType<Mirror>()];

    /// <summary>What a session of this database reports to.</summary>
    public MirrorTap Tap(MirrorSource source) => new(this, source);

    /// <summary>
    /// Adds, changes and takes out mirrors as the database's entry has them. One that is changed in any way is another, which
    /// goes on with the counts of the one before.
    /// </summary>
    public void Apply(DatabaseConfig database)
    {
        lock (_lock)
        {
            _observers = registry.Observers.For(database, _observers);
            Replace([.. database.Mirrors.Select(wanted => KnownOrNew(database, wanted))]);
            foreach (Mirror mirror in _mirrors)
            {
                mirror.SettingsChanged(registry.Config);
            }
        }
    }

    /// <summary>The database is not configured any more.</summary>
    public void Retire()
    {
        lock (_lock)
        {
            _observers = [];
            Replace([]);
        }
    }

    /// <summary>The janitor's round: connections unused for <c>server_idle_timeout</c> are closed.</summary>
    public void Maintain(TiggerConfig config) =>
        CloseUnused(config.ServerIdleTimeout > TimeSpan.Zero ? config.ServerIdleTimeout : TimeSpan.MaxValue);

    /// <summary>Closes all connections that are not in use.</summary>
    public void CloseIdle() => CloseUnused(TimeSpan.Zero);

    /// <summary>From their next transaction on, sessions report to this one as well.</summary>
    public void Add(TransactionSink sink)
    {
        lock (_lock)
        {
            _others.Add(sink);
            SinksChanged();
        }
    }

    /// <summary>The opposite; transactions under way still come.</summary>
    public void Remove(TransactionSink sink)
    {
        lock (_lock)
        {
            _others.Remove(sink);
            SinksChanged();
        }
    }

    private Mirror KnownOrNew(DatabaseConfig database, MirrorConfig wanted)
    {
        Mirror? known = _mirrors.FirstOrDefault(mirror => mirror.Config.Name == wanted.Name);
        DatabaseConfig target = Target(database, wanted);
        return known is not null && known.Config == wanted && known.Target == target
            ? known
            : new Mirror(registry, target, wanted, known?.Counts ?? new MirrorCounts());
    }

    private void Replace(IReadOnlyList<Mirror> mirrors)
    {
        Mirror[] gone = [.. _mirrors.Except(mirrors)];
        _mirrors = mirrors;
        SinksChanged();
        foreach (Mirror mirror in gone)
        {
            mirror.Retire();
        }
    }

    private void CloseUnused(TimeSpan age)
    {
        foreach (Mirror mirror in Mirrors)
        {
            mirror.CloseUnused(age);
        }
    }

    private void SinksChanged()
    {
        _sinks = [.. _mirrors, .. _observers, .. _others];
        registry.Kernel?.MirrorsChanged(this);
    }

    /// <summary>The mirror as a database of its own; what is asked of servers is what is asked of the primary.</summary>
    private static DatabaseConfig Target(DatabaseConfig primary, MirrorConfig mirror) => primary with
    {
        Host = mirror.Host,
        Ports = [mirror.Port],
        DbName = mirror.DbName ?? primary.ServerDbName,
        User = mirror.User ?? primary.User,
        Password = mirror.User is null ? primary.Password : mirror.Password,
        TargetSessionAttrs = TargetSessionAttrs.Any,
        DataPath = DataPathMode.User,
        Mirrors = [],
        QueryLog = 0,
        TraceSample = 0,
        TraceStatements = false,
    };
}
