using System.Diagnostics;
using System.Net.Sockets;

namespace Tigger.Benchmarks.Report;

/// <summary>Clients that are logged in and do nothing: what they cost in memory and CPU.</summary>
internal static class IdleRun
{
    private const int AtOnce = 16;

    public static async Task<ReportResult> RunAsync(ReportCell cell, BenchmarkTarget target, int seconds, CancellationToken cancellation)
    {
        List<BareClient> clients = [];
        try
        {
            while (clients.Count < cell.Clients)
            {
                int missing = Math.Min(AtOnce, cell.Clients - clients.Count);
                clients.AddRange(await Task.WhenAll(Enumerable.Range(0, missing).Select(_ => BareClient.ConnectAsync(target.Port, cancellation))));
            }

            // What the logins left behind is cleared away first.
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            long begin = Stopwatch.GetTimestamp();
            CpuClock before = CpuClock.Read(target.Proxy?.Id);
            await Task.Delay(TimeSpan.FromSeconds(seconds), cancellation);
            CpuClock used = CpuClock.Read(target.Proxy?.Id).Since(before);
            double elapsed = Stopwatch.GetElapsedTime(begin).TotalMicroseconds;
            return new ReportResult(cell, TimeProvider.System.GetUtcNow())
            {
                ProxyCores = (used.ProxyUser + used.ProxySystem) / elapsed,
                MachineCores = used.Machine / elapsed,
                ProxyMemory = target.Proxy is { } proxy ? ProcessMemory.Resident(proxy.Id) : 0,
            };
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new BenchmarkException($"after {clients.Count} clients: {e.Message}", e);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }
}
