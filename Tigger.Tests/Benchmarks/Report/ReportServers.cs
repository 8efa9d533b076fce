namespace Tigger.Benchmarks.Report;

/// <summary>The servers of one part of the matrix; poolers are started when first needed.</summary>
internal sealed class ReportServers(BenchmarkOptions options, BenchmarkHosts hosts) : IAsyncDisposable
{
    private readonly BenchmarkServers _servers = new(options, hosts);
    private readonly Dictionary<(string Name, int Pool), BenchmarkTarget> _targets = [];

    public string WorkDirectory => _servers.WorkDirectory;

    public Task StartAsync(CancellationToken cancellation) => _servers.StartPostgresAsync(cancellation);

    public async Task<BenchmarkTarget> TargetAsync(string name, int pool, CancellationToken cancellation)
    {
        if (!_targets.TryGetValue((name, pool), out BenchmarkTarget? target))
            _targets[(name, pool)] = target = await _servers.StartTargetAsync(name, pool, cancellation);
        return target;
    }

    /// <summary>kill -9, and the same again at the same port, as a service manager would do it. Nothing where there is no pooler.</summary>
    public async Task KillAndStartAgainAsync(string name, int pool, CancellationToken cancellation)
    {
        BenchmarkTarget killed = await TargetAsync(name, pool, cancellation);
        if (killed.Proxy is { } proxy)
        {
            _ = LibC.Kill(proxy.Id, LibC.SigKill);
            _targets[(name, pool)] = await _servers.StartTargetAsync(name, pool, cancellation, killed.Port);
        }
    }

    public Task RestartPostgresAsync(CancellationToken cancellation) => _servers.RestartPostgresAsync(cancellation);

    public ValueTask DisposeAsync() => _servers.DisposeAsync();
}
