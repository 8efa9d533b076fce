using System.Diagnostics;
using System.Net.Sockets;

namespace Tigger.Benchmarks.Report;

/// <summary>
/// What clients get done while the pooler is killed and started again, and then PostgreSQL restarted. Clients connect again as soon
/// as they can.
/// </summary>
internal static class TimelineRun
{
    /// <summary>Seconds from the beginning at which something is done.</summary>
    public const int KilledAt = 3, RestartedAt = 8, EndsAt = 14;

    private const int TicksPerSecond = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <param name="cell">How many clients.</param>
    /// <param name="port">Where they connect.</param>
    /// <param name="killPooler">Kills the pooler and starts another at the same port; nothing for direct connections.</param>
    /// <param name="restartPostgres">Stops PostgreSQL at once and starts it again.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task<ReportResult> RunAsync(
        ReportCell cell, int port, Func<Task> killPooler, Func<Task> restartPostgres, CancellationToken cancellation)
    {
        int[] done = new int[EndsAt * TicksPerSecond];
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(TimeSpan.FromSeconds(EndsAt));
        long begin = Stopwatch.GetTimestamp();
        Task[] clients = [.. Enumerable.Range(0, cell.Clients).Select(_ => Task.Run(() => ClientAsync(port, done, begin, end.Token), CancellationToken.None))];
        Task[] events = [AtAsync(KilledAt, killPooler, cancellation), AtAsync(RestartedAt, restartPostgres, cancellation)];
        await Task.WhenAll([.. clients, .. events]);
        cancellation.ThrowIfCancellationRequested();
        return new ReportResult(cell, TimeProvider.System.GetUtcNow()) { Timeline = done };
    }

    private static async Task AtAsync(int second, Func<Task> what, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromSeconds(second), cancellation);
        await what();
    }

    private static async Task ClientAsync(int port, int[] done, long begin, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            // One that is stuck shows as nothing done; it must not stay stuck for the rest of the run.
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(end);
            try
            {
                patience.CancelAfter(Patience);
                using BareClient client = await BareClient.ConnectAsync(port, patience.Token);
                while (true)
                {
                    patience.CancelAfter(Patience);
                    await client.AskAsync(patience.Token);
                    int tick = (int)(Stopwatch.GetElapsedTime(begin).TotalSeconds * TicksPerSecond);
                    if (tick < done.Length)
                        Interlocked.Increment(ref done[tick]);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }
}
