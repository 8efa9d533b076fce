using Microsoft.Extensions.Logging;
using Tigger.Pooling;
using Tigger.Sessions;

namespace Tigger.Control;

/// <summary>The end of the process, at once or when it is idle.</summary>
public sealed partial class PoolerControl
{
    /// <summary>Time for clients to read why they are closed.</summary>
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ShutdownMode? _shutdown;
    private long _drainingSince;

    /// <summary>Completes when the process may exit.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>
    /// Begins to stop and returns; the host awaits <see cref="Stopped"/>. A later call may only change what is waited for, or
    /// end the waiting.
    /// </summary>
    public void Shutdown(ShutdownMode mode)
    {
        bool first;
        bool wasSuspended;
        lock (_lock)
        {
            if (_shutdown == ShutdownMode.Immediate)
            {
                return;
            }

            first = _shutdown is null;
            _shutdown = mode;
            registry.IsStopping = true;
            _drainingSince = clock.GetTimestamp();
            sessions.IsDraining = mode == ShutdownMode.Drain;
            if (mode is ShutdownMode.Immediate or ShutdownMode.WaitForServers)
            {
                registry.IsShuttingDown = true;
                registry.SetPaused(null, true);
            }

            // Suspended clients could never finish, and RESUME is refused from now on.
            wasSuspended = sessions.IsSuspended;
            sessions.IsSuspended = false;
        }

        if (first)
        {
            stopAccepting();
            _ = Task.Run(DrainAsync);
        }

        if (wasSuspended)
        {
            sessions.WakeAll();
        }

        if (mode is ShutdownMode.Immediate or ShutdownMode.WaitForServers)
        {
            CloseIdleServers();
        }
    }

    /// <summary>What SIGTERM asks for: PgBouncer's way, or a drain where <c>drain_timeout</c> is set.</summary>
    public ShutdownMode TermMode =>
        registry.Config.DrainTimeout > TimeSpan.Zero ? ShutdownMode.Drain : ShutdownMode.WaitForClients;

    private ShutdownMode Mode
    {
        get
        {
            lock (_lock)
            {
                return _shutdown ?? ShutdownMode.Immediate;
            }
        }
    }

    private bool IsDrained => Mode switch
    {
        ShutdownMode.WaitForClients => sessions.SessionCount == 0,
        ShutdownMode.WaitForServers => registry.Limits.Total == 0,
        ShutdownMode.Drain => sessions.SessionCount == 0 || IsDrainOver,
        _ => true,
    };

    private bool IsDrainOver =>
        registry.Config.DrainTimeout is var limit && limit > TimeSpan.Zero && clock.GetElapsedTime(_drainingSince) > limit;

    private async Task DrainAsync()
    {
        try
        {
            await UntilAsync(
                () =>
                {
                    SendIdleAway();
                    return IsDrained;
                },
                CancellationToken.None);
            ShutdownMode mode = Mode;
            if (mode == ShutdownMode.Drain && sessions.SessionCount is > 0 and var left)
            {
                LogDrainOver(logger, left);
            }
            else if (mode != ShutdownMode.Immediate)
            {
                LogDrained(logger, mode == ShutdownMode.WaitForServers ? "server" : "client");
            }

            registry.IsShuttingDown = true;
            await EndAllAsync(mode == ShutdownMode.Drain ? SessionEndReason.Drained : SessionEndReason.ShuttingDown);
            _stopped.TrySetResult();
        }
#pragma warning disable CA1031 // Whatever it was, the host must not wait for ever; it hears of it there.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _stopped.TrySetException(fault);
        }
    }

    private async Task EndAllAsync(SessionEndReason reason)
    {
        foreach (ClientSession session in sessions.Sessions)
        {
            session.End(reason);
        }

        CloseIdleServers();
        long start = clock.GetTimestamp();
        await UntilAsync(() => !sessions.Closing.Any() || clock.GetElapsedTime(start) > GoodbyeTime, CancellationToken.None);
    }

    /// <summary>Again and again while it drains, because logins may have been under way at its beginning.</summary>
    private void SendIdleAway()
    {
        if (sessions.IsDraining)
        {
            foreach (ClientSession session in sessions.Sessions)
            {
                session.LeaveWhenIdle();
            }
        }
    }

    private void CloseIdleServers()
    {
        foreach (ServerPool pool in registry.Pools)
        {
            pool.CloseIdle("shutting down");
        }
    }

    [LoggerMessage(7200, LogLevel.Information, "{Kind} connections dropped, exiting")]
    private static partial void LogDrained(ILogger logger, string kind);

    [LoggerMessage(7201, LogLevel.Warning, "drain_timeout: closing {Count} clients in the middle of something, exiting")]
    private static partial void LogDrainOver(ILogger logger, int count);
}
