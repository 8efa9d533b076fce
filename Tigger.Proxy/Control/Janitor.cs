using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Pooling;
using Tigger.Sessions;

namespace Tigger.Control;

/// <summary>Everything that happens because time passes: pool upkeep, time limits, statistics, forgetting what is unused.</summary>
public sealed partial class Janitor : IDisposable
{
    /// <summary>As often as PgBouncer's.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1) / 3;

    private readonly PoolRegistry _registry;
    private readonly SessionTable _sessions;
    private readonly StatsSampler _sampler;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly EffectiveSettingsCache _settings = new();
    private readonly PeriodicTimer _timer;

    public Janitor(PoolRegistry registry, SessionTable sessions, StatsSampler sampler, TimeProvider clock, ILogger logger)
    {
        _registry = registry;
        _sessions = sessions;
        _sampler = sampler;
        _clock = clock;
        _logger = logger;
        _timer = new PeriodicTimer(Period, clock);
    }

    public void Start() => _ = Task.Run(async () =>
    {
        while (await _timer.WaitForNextTickAsync())
        {
            RunOnce();
        }
    });

    /// <summary>The round under way ends; no other begins.</summary>
    public void Dispose() => _timer.Dispose();

    /// <summary>One round. A fault in one step, or with one pool or client, leaves the others alone.</summary>
    internal void RunOnce()
    {
        long now = _clock.GetTimestamp();

        // A suspended process keeps everything as it is: nobody can help being late.
        if (!_sessions.IsSuspended)
        {
            ForEach("forced pools", [_registry], registry => registry.FillForcedPools());
            ForEach("pool upkeep", _registry.Pools, pool => pool.Maintain());
            TiggerConfig config = _registry.Config;
            ForEach("mirrors", _registry.Databases, database => database.Mirrors?.Maintain(config));
            ForEach("client limits", _sessions.Sessions, session =>
                session.CheckLimits(_settings.Get(config, session.Login.Database, session.Login.User), now));
        }

        ForEach("goodbyes", _sessions.Closing, session => session.CheckLinger(now));
        ForEach("statistics", [_sampler], sampler => sampler.Tick(now));
        ForEach("host names", [_registry], registry => registry.CheckNames(now));
        ForEach("unused databases", [_registry], registry => registry.ForgetUnused(now));
    }

    private void ForEach<T>(string step, IEnumerable<T> items, Action<T> action)
    {
        foreach (T item in items)
        {
            try
            {
                action(item);
            }
#pragma warning disable CA1031 // Whatever it was, the next pool and the next round must still have their turn.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogFault(_logger, fault, step);
            }
        }
    }

    [LoggerMessage(7310, LogLevel.Critical, "unhandled fault in the janitor's step: {Step}")]
    private static partial void LogFault(ILogger logger, Exception fault, string step);
}
