using Microsoft.Extensions.Logging;
using Tigger.Pooling;
using Tigger.Sessions;
using Tigger.Takeover;

namespace Tigger.Control;

/// <summary>Online restart, on the side of the process that ends.</summary>
public sealed partial class PoolerControl
{
    /// <summary>
    /// Gives every client away, as soon as its transaction ends; with session pooling together with its server, as soon as
    /// nothing asked for is unanswered. What cannot go over is drained. Ends when no client is left, or <c>drain_timeout</c> is
    /// over: those that are left are closed then.
    /// </summary>
    /// <param name="give">Takes a client and its descriptors over.</param>
    /// <param name="logins">How many logins are under way.</param>
    /// <param name="clientKeyOf">The key that a user's clients have proved.</param>
    /// <param name="cancellation">There is nobody to give to any more: those that are still here stay.</param>
    /// <exception cref="OperationCanceledException">The same.</exception>
    internal async Task MoveAwayAsync(
        Func<MovedClient, int[], Task> give, Func<int> logins, Func<string, byte[]?> clientKeyOf, CancellationToken cancellation)
    {
        sessions.IsMoving = true;
        int moved = 0;
        int closed = 0;
        _drainingSince = clock.GetTimestamp();
        try
        {
            while ((sessions.SessionCount > 0 || logins() > 0) && !IsDrainOver)
            {
                foreach (ClientSession session in sessions.Sessions)
                {
                    if (!session.IsMovable)
                    {
                        session.EndIfIdle(SessionEndReason.Drained);
                        closed += session.State is SessionState.Closing or SessionState.Closed ? 1 : 0;
                    }
                    else if (session.TryMove(clientKeyOf(session.Pool.User.Name), out MovedClient? client, out int[] descriptors))
                    {
                        await give(client!, descriptors);
                        moved++;
                    }
                }

                foreach (ServerPool pool in registry.Pools)
                {
                    pool.CloseIdle(SessionEndReason.TakenOver.Text);
                }

                await Task.Delay(PollInterval, clock, cancellation);
            }

            LogMoved(logger, moved, closed);
            if (sessions.SessionCount is > 0 and var left)
            {
                LogDrainOver(logger, left);
                await EndAllAsync(SessionEndReason.Drained);
            }
        }
        catch
        {
            sessions.IsMoving = false;
            sessions.WakeAll();
            throw;
        }
    }

    [LoggerMessage(7202, LogLevel.Information, "takeover: {Moved} clients have gone over to the new process, {Closed} were closed")]
    private static partial void LogMoved(ILogger logger, int moved, int closed);
}
