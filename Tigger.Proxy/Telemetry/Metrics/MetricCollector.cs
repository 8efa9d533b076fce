using System.Diagnostics;
using Tigger.Auth;
using Tigger.Control;
using Tigger.Hosting;
using Tigger.Kernel;
using Tigger.Pooling;

namespace Tigger.Telemetry.Metrics;

/// <summary>
/// Reads everything that metrics say from where it is counted anyway: sessions, pools and the programs' per-CPU maps. Nothing is paid
/// for metrics until somebody asks.
/// </summary>
public sealed class MetricCollector(MetricSources sources)
{
    /// <summary>Readers that come this soon after another get the same reading: an export asks once for each instrument.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly PoolLabels _labels = new(sources.Registry.Config.MetricsMaxPools);
    private MetricReading? _last;
    private long _lastAt;

    private PoolRegistry Registry => sources.Registry;

    /// <summary>All metrics now, or as they were a tenth of a second ago.</summary>
    public MetricReading Read()
    {
        lock (_lock)
        {
            if (_last is null || Stopwatch.GetElapsedTime(_lastAt) > Freshness)
            {
                _last = Collect();
                _lastAt = Stopwatch.GetTimestamp();
            }

            return _last;
        }
    }

    private MetricReading Collect()
    {
        MetricReading reading = new();
        AddProcess(reading);
        AddPools(reading);
        AddClients(reading);
        AddServers(reading);
        AddErrors(reading);
        MirrorMetrics.Add(reading, Registry);
        AddKernel(reading);
        AddCounters(
            reading, MetricNames.Reloads, (PoolerCounter.ReloadSucceeded, ["succeeded"]), (PoolerCounter.ReloadRefused, ["refused"]));
        AddCounters(
            reading, MetricNames.QueryLog, (PoolerCounter.QueryLogWritten, ["written"]), (PoolerCounter.QueryLogLost, ["lost"]));
        AddCounters(reading, MetricNames.Traces, (PoolerCounter.TraceSpan, ["span"]), (PoolerCounter.TraceLost, ["lost"]));
        reading.Add(MetricNames.SuppressedLines, sources.SuppressedLines());
        return reading;
    }

    private static void AddProcess(MetricReading reading)
    {
        using Process process = Process.GetCurrentProcess();
        reading.Add(MetricNames.Info, 1, ProductVersion.Text);
        reading.Add(MetricNames.Uptime, (DateTime.Now - process.StartTime).TotalSeconds);
        reading.Add(MetricNames.ProcessorTime, process.TotalProcessorTime.TotalSeconds);
        reading.Add(MetricNames.Memory, process.WorkingSet64);
    }

    private void AddPools(MetricReading reading)
    {
        IReadOnlyList<PoolFigures> pools = sources.Sampler.ReadPools();
        _labels.Keep(pools.Select(one => one.Pool));
        foreach (PoolFigures one in pools)
        {
            new PoolMetrics(reading, one.Pool, _labels.IsNamed(one.Pool)).Add(one);
        }

        reading.Add(MetricNames.FoldedPools, _labels.FoldedCount);
        foreach (DatabaseState database in Registry.Databases.Where(database => !database.IsAuto))
        {
            reading.Add(MetricNames.Paused, Registry.IsPaused || database.IsPaused ? 1 : 0, database.Name);
        }
    }

    private void AddClients(MetricReading reading)
    {
        reading.Add(MetricNames.LoggingIn, sources.Sessions.LoginCount);
        reading.Add(MetricNames.ClientLimit, Registry.Config.MaxClientConn);
        AddCounters(reading, MetricNames.Accepted, (PoolerCounter.ClientAccepted, []));
        AddCounters(reading, MetricNames.ClientViolations, (PoolerCounter.ClientViolation, []));
        AddCounters(
            reading, MetricNames.Cancels, (PoolerCounter.CancelRouted, ["routed"]), (PoolerCounter.CancelUnknown, ["unknown"]),
            (PoolerCounter.CancelForwarded, ["forwarded"]), (PoolerCounter.CancelNotForwarded, ["not_forwarded"]));
        foreach (AuthMethod? method in Enum.GetValues<AuthMethod>().Select(one => (AuthMethod?)one).Append(null))
        {
            foreach (LoginOutcome outcome in Enum.GetValues<LoginOutcome>())
            {
                long count = Registry.Counters.Logins[method, outcome];
                if (count > 0)
                {
                    reading.Add(MetricNames.Logins, count, Word(method), outcome.ToString().ToLowerInvariant());
                }
            }
        }
    }

    private void AddServers(MetricReading reading)
    {
        AddCounters(
            reading, MetricNames.ServerFailures, (PoolerCounter.ServerLoginFailed, ["login_failed"]), (PoolerCounter.ServerLost, ["lost"]),
            (PoolerCounter.ServerAbandoned, ["abandoned"]), (PoolerCounter.ServerViolation, ["protocol_violation"]));
        AddCounters(
            reading, MetricNames.ServerReplacements, (PoolerCounter.ServerExchanged, ["exchanged"]), (PoolerCounter.ServerEvicted, ["evicted"]));
        AddCounters(reading, MetricNames.DirtyServers, (PoolerCounter.ServerDirty, []));
        AddCounters(reading, MetricNames.PinnedServers, (PoolerCounter.ServerPinned, []));
    }

    private void AddErrors(MetricReading reading)
    {
        foreach ((string sqlStateClass, long count) in Registry.Counters.OwnErrors.Read())
        {
            reading.Add(MetricNames.Errors, count, "tigger", sqlStateClass);
        }

        Dictionary<string, long> errors = Registry.Counters.ServerErrors.Read().ToDictionary();
        foreach ((int number, ulong count) in Registry.Kernel?.Path.Errors() ?? [])
        {
            string sqlStateClass = ErrorCounters.NameOf(number);
            errors[sqlStateClass] = errors.GetValueOrDefault(sqlStateClass) + (long)count;
        }

        foreach ((string sqlStateClass, long count) in errors)
        {
            reading.Add(MetricNames.Errors, count, "postgresql", sqlStateClass);
        }
    }

    private void AddKernel(MetricReading reading)
    {
        const string Escape = "escape_";
        if (Registry.Kernel?.Path is not { } path)
        {
            return;
        }

        foreach ((string name, ulong count) in path.Counters())
        {
            bool isFallBack = name.StartsWith(Escape, StringComparison.Ordinal);
            reading.Add(isFallBack ? MetricNames.FallBacks : MetricNames.KernelEvents, count, isFallBack ? name[Escape.Length..] : name);
        }

        foreach (ProgramRuns program in path.ProgramRuns())
        {
            reading.Add(MetricNames.ProgramTime, program.Time.TotalSeconds, program.Program);
            reading.Add(MetricNames.ProgramRuns, program.Runs, program.Program);
        }
    }

    private void AddCounters(MetricReading reading, MetricDefinition metric, params (PoolerCounter Counter, string[] Labels)[] counters)
    {
        foreach ((PoolerCounter counter, string[] labels) in counters)
        {
            reading.Add(metric, Registry.Counters[counter], labels);
        }
    }

    /// <summary>As <c>auth_type</c> spells it.</summary>
    private static string Word(AuthMethod? method) => method switch
    {
        null => "none",
        AuthMethod.ScramSha256 => "scram-sha-256",
        _ => method.ToString()!.ToLowerInvariant(),
    };
}
