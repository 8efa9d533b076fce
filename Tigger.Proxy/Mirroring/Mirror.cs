using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Pooling;

namespace Tigger.Mirroring;

/// <summary>
/// One PostgreSQL that gets a database's transactions. Those of one client run one at a time and in order, on a connection of the
/// same user; those of different clients side by side.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Its connections look at the token to their own end; there is no handle behind it.")]
internal sealed partial class Mirror : TransactionSink
{
    /// <summary>How long a transaction that is being carried out may go on after the mirror was taken out of the configuration.</summary>
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);

    private readonly PoolRegistry _registry;
    private readonly ConcurrentDictionary<long, MirrorStream> _streams = new();
    private readonly ConcurrentDictionary<string, MirrorPool> _pools = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _isRetired;
    private long _retryAt;
    private int _failures;

    /// <param name="registry">What all pools share.</param>
    /// <param name="target">Where it is, as a database's entry.</param>
    /// <param name="config">How it is to be served.</param>
    /// <param name="counts">Those of a mirror of this name before a reload, or new ones.</param>
    public Mirror(PoolRegistry registry, DatabaseConfig target, MirrorConfig config, MirrorCounts counts)
        : base(config.QueueBytes)
    {
        _registry = registry;
        Target = target;
        Config = config;
        Counts = counts;
    }

    public DatabaseConfig Target { get; }

    public MirrorConfig Config { get; }

    public MirrorCounts Counts { get; }

    /// <summary>Why it cannot be reached; null: it can, or nobody has tried.</summary>
    public string? Fault { get; private set; }

    /// <summary>Open connections, or being opened.</summary>
    public int Connections => _pools.Values.Sum(pool => pool.Open);

    /// <summary>How long ago the oldest transaction that it has not finished ended on the primary.</summary>
    public TimeSpan Lag => _streams.Values.Min(stream => stream.OldestEnd()) is { } oldest ? Clock.GetElapsedTime(oldest) : TimeSpan.Zero;

    /// <summary>It could not be reached a moment ago: until the next attempt, nothing is queued.</summary>
    private bool IsResting => Volatile.Read(ref _failures) > 0 && Clock.GetTimestamp() < Volatile.Read(ref _retryAt);

    internal TimeProvider Clock => _registry.Clock;

    internal CancellationToken Stop => _stop.Token;

    public override bool Wants(MirrorSource source) => Sampling.Takes(source.Client, Config.Fraction);

    public override void Accept(MirrorTransaction transaction)
    {
        Counts.Sent();
        if (WhyNot() is { } reason)
        {
            Lose(transaction, reason);
            return;
        }

        Counts.Queued();
        MirrorStream stream = _streams.GetOrAdd(transaction.Source.Client, static client => new MirrorStream(client));
        if (stream.Add(transaction))
        {
            PoolOf(transaction.Source).Serve(stream, transaction.Source);
        }
    }

    public override void Drop(MirrorSource source, MirrorDropReason reason)
    {
        Counts.Sent();
        Counts.Dropped(reason);
    }

    public override void Left(MirrorSource source)
    {
        if (_streams.TryGetValue(source.Client, out MirrorStream? stream) && stream.Leave())
        {
            Forget(stream);
        }
    }

    /// <summary>It is not in the configuration any more; what is queued is dropped.</summary>
    public void Retire()
    {
        _isRetired = true;
        _stop.CancelAfter(LongestFarewell);
        CloseUnused(TimeSpan.Zero);
        foreach (MirrorStream stream in _streams.Values)
        {
            stream.Leave();
        }
    }

    /// <summary>The settings that hold for all databases have changed.</summary>
    public void SettingsChanged(TiggerConfig config)
    {
        foreach (MirrorPool pool in _pools.Values)
        {
            pool.SettingsChanged(config);
        }
    }

    /// <summary>Closes connections that have been idle for so long.</summary>
    public void CloseUnused(TimeSpan age)
    {
        foreach (MirrorPool pool in _pools.Values)
        {
            pool.CloseUnused(age);
        }
    }

    /// <summary>Why a transaction cannot be served now; null when it can.</summary>
    internal MirrorDropReason? WhyNot() =>
        _isRetired ? MirrorDropReason.Reconfigured
        : IsResting ? MirrorDropReason.MirrorDown
        : null;

    /// <summary>A stream whose client has left has nothing more to serve.</summary>
    internal void Forget(MirrorStream stream) => _streams.TryRemove(stream.Client, out _);

    /// <summary>Whether the mirror is to have it at all.</summary>
    internal bool IsWanted(MirrorTransaction transaction) => Config.Statements switch
    {
        MirroredStatements.All => true,
        var wanted => (wanted == MirroredStatements.Reads) == StatementClass.IsRead(transaction),
    };

    /// <summary>A queued transaction is not for it.</summary>
    internal void Skip(MirrorTransaction transaction)
    {
        Counts.Unqueued();
        Counts.Skipped();
        Finish(transaction);
    }

    /// <summary>A queued transaction could not be carried out.</summary>
    internal void Drop(MirrorTransaction transaction, MirrorDropReason reason)
    {
        Counts.Unqueued();
        Lose(transaction, reason);
    }

    /// <summary>A queued transaction was carried out.</summary>
    internal void Complete(MirrorTransaction transaction, in MirrorReply reply, long startedAt)
    {
        Counts.Unqueued();
        Counts.Mirrored(transaction, reply, Clock.GetElapsedTime(startedAt, reply.EndedAt), BusyTime(transaction));
        Finish(transaction);
    }

    internal void Reached()
    {
        if (Volatile.Read(ref _failures) > 0)
        {
            Volatile.Write(ref _failures, 0);
            Fault = null;
            LogReached(_registry.Logger, Name);
        }
    }

    internal void NotReached(string reason)
    {
        Volatile.Write(ref _retryAt, BackOff.Until(Clock, _failures, _registry.Config.ServerLoginRetry));
        if (Interlocked.Increment(ref _failures) == 1 || Fault != reason)
        {
            LogNotReached(_registry.Logger, Name, reason);
        }

        Fault = reason;
    }

    private string Name => $"{Target.Name} mirror {Config.Name}";

    private TimeSpan BusyTime(MirrorTransaction transaction) =>
        TimeSpan.FromSeconds((double)transaction.Outcome.BusyTime / Clock.TimestampFrequency);

    private MirrorPool PoolOf(MirrorSource source) =>
        _pools.GetOrAdd(source.User, static (user, mirror) => new MirrorPool(mirror, mirror._registry, user), this);

    private void Lose(MirrorTransaction transaction, MirrorDropReason reason)
    {
        Counts.Dropped(reason);
        Finish(transaction);
    }

    [LoggerMessage(4030, LogLevel.Warning, "{Mirror}: {Reason}; transactions are dropped until it is back")]
    private static partial void LogNotReached(ILogger logger, string mirror, string reason);

    [LoggerMessage(4031, LogLevel.Information, "{Mirror}: reached again")]
    private static partial void LogReached(ILogger logger, string mirror);
}
