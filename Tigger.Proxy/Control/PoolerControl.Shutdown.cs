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
            if (mode != ShutdownMode.WaitForClients)
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

        if (mode != ShutdownMode.WaitForClients)
        {
            CloseIdleServers();
        }
    }

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
        _ => true,
    };

    private async Task DrainAsync()
    {
        try
        {
            await UntilAsync(() => IsDrained, CancellationToken.None);
            if (Mode is var mode and not ShutdownMode.Immediate)
            {
                LogDrained(logger, mode == ShutdownMode.WaitForClients ? "client" : "server");
            }

            registry.IsShuttingDown = true;
            foreach (ClientSession session in sessions.Sessions)
            {
                session.End(SessionEndReason.ShuttingDown);
            }

            CloseIdleServers();
            long start = clock.GetTimestamp();
            await UntilAsync(
                () => !sessions.Closing.Any() || clock.GetElapsedTime(start) > GoodbyeTime, CancellationToken.None);
            _stopped.TrySetResult();
        }
#pragma warning disable CA1031 // Whatever it was, the host must not wait for ever; it hears of it there.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _stopped.TrySetException(fault);
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
}
