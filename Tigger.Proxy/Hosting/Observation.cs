using Microsoft.Extensions.Logging;
using Tigger.Admin;
using Tigger.Config;
using Tigger.Status;
using Tigger.Telemetry.Metrics;
using Tigger.Telemetry.Otlp;

namespace Tigger.Hosting;

/// <summary>
/// What shows the process to the outside: the status listener and the export of metrics. Neither is loaded, let alone run, unless the
/// configuration wants it.
/// </summary>
internal sealed partial class Observation(MetricSources sources, AdminContext admin, string dataPath, ILogger logger) : IDisposable
{
    private static readonly TimeSpan TakeoverTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _ending = new();
    private readonly Lazy<MetricCollector> _metrics = new(() => new MetricCollector(sources));
    private Task<IDisposable>? _listener;
    private OtlpExport? _export;

    /// <param name="isTakenOver">The process this one replaces may have the address yet: it is waited for, in the background.</param>
    /// <exception cref="IOException">The address of the listener cannot be had.</exception>
    public async Task StartAsync(bool isTakenOver)
    {
        TiggerConfig config = sources.Registry.Config;
        if (config.MetricsListen.Length > 0)
        {
            Task<IDisposable> starting = StartListenerAsync(config.MetricsListen, isTakenOver ? TakeoverTime : TimeSpan.Zero);
            _listener = starting;
            if (!isTakenOver)
            {
                await starting;
            }
        }

        if (config.OtlpEndpoint.Length > 0)
        {
            _export = StartExport(config);
        }
    }

    public void Dispose()
    {
        _ending.Cancel();
        if (_listener is { IsCompletedSuccessfully: true } started)
        {
            started.Result.Dispose();
        }

        _export?.Dispose();
        _ending.Dispose();
    }

    /// <summary>Methods of their own: the libraries are loaded when they are called.</summary>
    private async Task<IDisposable> StartListenerAsync(string endpoint, TimeSpan patience)
    {
        StatusPages pages = new(_metrics.Value, new StatusData(admin, dataPath, sources.Registry.Kernel is not null), IsReady);
        long since = admin.Clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await StatusServer.StartAsync(endpoint, pages, logger);
            }
            catch (IOException fault) when (patience > TimeSpan.Zero)
            {
                if (admin.Clock.GetElapsedTime(since) > patience)
                {
                    LogNoListener(logger, endpoint, fault.Message);
                    throw;
                }

                await Task.Delay(RetryInterval, _ending.Token);
            }
        }
    }

    private OtlpExport StartExport(TiggerConfig config) => OtlpExport.Start(config, _metrics.Value, admin.Clock);

    /// <summary>A load balancer may send new clients.</summary>
    private bool IsReady() => !sources.Registry.IsStopping && !sources.Registry.IsShuttingDown && !sources.Sessions.IsDraining && !sources.Sessions.IsSuspended;

    [LoggerMessage(8002, LogLevel.Error, "no metrics and status on {Endpoint}: {Reason}")]
    private static partial void LogNoListener(ILogger logger, string endpoint, string reason);
}
