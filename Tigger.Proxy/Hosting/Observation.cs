using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Status;
using Tigger.Telemetry.Metrics;
using Tigger.Telemetry.Otlp;

namespace Tigger.Hosting;

/// <summary>
/// What shows the process to the outside: the status listener and the export of metrics. Neither is loaded, let alone run, unless the
/// configuration wants it.
/// </summary>
internal sealed class Observation(MetricSources sources, TimeProvider clock, ILogger logger) : IDisposable
{
    private readonly List<IDisposable> _running = [];
    private readonly Lazy<MetricCollector> _metrics = new(() => new MetricCollector(sources));

    /// <exception cref="IOException">The address of the listener cannot be had.</exception>
    public async Task StartAsync()
    {
        TiggerConfig config = sources.Registry.Config;
        if (config.MetricsListen.Length > 0)
        {
            await StartListenerAsync(config.MetricsListen);
        }

        if (config.OtlpEndpoint.Length > 0)
        {
            StartExport(config);
        }
    }

    public void Dispose() => _running.ForEach(one => one.Dispose());

    /// <summary>A method of its own: the libraries are loaded when it is called.</summary>
    private async Task StartListenerAsync(string endpoint)
    {
        StatusPages pages = new(_metrics.Value, IsReady);
        _running.Add(await StatusServer.StartAsync(endpoint, pages, logger));
    }

    private void StartExport(TiggerConfig config) => _running.Add(OtlpExport.Start(config, _metrics.Value, clock));

    /// <summary>A load balancer may send new clients.</summary>
    private bool IsReady() => !sources.Registry.IsStopping && !sources.Registry.IsShuttingDown && !sources.Sessions.IsDraining && !sources.Sessions.IsSuspended;
}
