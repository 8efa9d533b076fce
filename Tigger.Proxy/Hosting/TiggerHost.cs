using Microsoft.Extensions.Logging;
using Tigger.Admin;
using Tigger.Auth;
using Tigger.Config;
using Tigger.Control;
using Tigger.Handover;
using Tigger.Listening;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Sessions;
using Tigger.Telemetry;
using Tigger.Tls;

namespace Tigger.Hosting;

/// <summary>The composition root: what exists, in which order it starts and stops, and what a reload replaces.</summary>
public sealed partial class TiggerHost : IDisposable
{
    private readonly ConfigSource _source;
    private readonly TextLogWriter _log;
    private readonly ILogger _logger;
    private readonly EventLoops _loops;
    private readonly KernelPools? _kernel;
    private readonly PoolRegistry _registry;
    private readonly SessionTable _sessions;
    private readonly SessionServices _services;
    private readonly PoolerControl _control;
    private readonly Janitor _janitor;
    private readonly Lock _reload = new();
    private volatile CredentialStore _credentials;
    private volatile TlsContexts _tls;
    private ListenerSet? _listeners;

    public TiggerHost(ConfigSource source, LoadedConfig loaded, TimeProvider clock)
    {
        _source = source;
        TiggerConfig config = loaded.Config;
        _credentials = loaded.Credentials;
        _tls = loaded.Tls;
        _log = new TextLogWriter(clock);
        ApplyLogSettings(config);
        _logger = _log.CreateLogger("tigger");
        _loops = new EventLoops(config.Threads, _logger);
        _sessions = new SessionTable(_logger);
        ServerConnector connector = new(_loops, () => _credentials, _logger) { Tls = () => _tls };
        _kernel = KernelStart.TryStart(config, _logger, out string reason);
        DataPath = $"{(_kernel is null ? "user" : "kernel")} data path ({reason})";
        _registry = new PoolRegistry(config, connector, clock, _logger, _kernel)
        {
            NoKernelReason = reason,
            DatabaseRemoved = database => _sessions.EndAll(
                session => session.Login.Database == database, SessionEndReason.DatabaseRemoved),
        };
        _control = new PoolerControl(_registry, _sessions, clock, _logger, StopAccepting);
        StatsSampler sampler = new(_registry, _sessions, clock, _logger);
        AdminContext admin = new(_control, _registry, _sessions, sampler, clock, _logger)
        {
            Reload = Reload,
            Apply = ApplySet,
            UserNames = () => _credentials.Secrets.Keys,
        };
        CancelRouter cancels = new(_sessions, connector, admin.Admins.TryCancel, _registry.Counters, _logger);
        _services = new SessionServices(_registry, _sessions, cancels, clock, _logger)
        {
            Credentials = () => _credentials,
            Tls = () => _tls,
            ServeAdmin = (client, user, level, cancellation) =>
                new AdminSession(admin, client, user, level).RunAsync(cancellation),
        };
        _janitor = new Janitor(_registry, _sessions, sampler, clock, _logger);
    }

    /// <summary>Which data path is active and why, in a few words.</summary>
    public string DataPath { get; }

    /// <summary>Starts, serves until told to stop by signal or console, and stops.</summary>
    /// <exception cref="IOException">An address to listen on cannot be had.</exception>
    public async Task RunAsync(Action<TiggerHost>? started = null)
    {
        _loops.Start();
        _listeners = ListenerSet.Open(_registry.Config, _loops, _services, _kernel);
        using SignalHandlers signals = new(_control, Reload, _log, _logger);
        _janitor.Start();
        DescriptorLimit.Check(_registry.Config, _logger);
        LogUp(_logger, ProductVersion.Text, DataPath, _loops.Count);
        started?.Invoke(this);
        await _control.Stopped;
        LogDown(_logger);
    }

    /// <summary>Reads the configuration again and puts it in force; with an error in it nothing changes.</summary>
    public IReadOnlyList<ConfigFault> Reload()
    {
        lock (_reload)
        {
            LogReloading(_logger, _source.Path);
            if (_source.Load(out IReadOnlyList<ConfigFault> faults) is { } loaded)
            {
                loaded.Credentials.LearnFrom(_credentials);
                _credentials = loaded.Credentials;
                Apply(loaded.Config, loaded.Tls);
            }

            foreach (ConfigFault fault in faults)
            {
                LogFault(_logger, fault);
            }

            return faults;
        }
    }

    public void Dispose()
    {
        StopAccepting();
        _janitor.Dispose();
        _loops.Dispose();
        _kernel?.Dispose();
        _log.Dispose();
    }

    private void StopAccepting()
    {
        Interlocked.Exchange(ref _listeners, null)?.Dispose();
    }

    /// <summary>SET: the files that TLS settings name are read only when one of those was changed.</summary>
    private string? ApplySet(TiggerConfig config)
    {
        lock (_reload)
        {
            TlsContexts? tls = _tls;
            TlsFault? fault = null;
            if (!TlsContexts.AreSettingsSame(config, _registry.Config))
            {
                tls = TlsContexts.Load(config, out fault);
            }

            if (tls is not null)
            {
                Apply(config, tls);
            }

            return fault?.Message;
        }
    }

    private void Apply(TiggerConfig config, TlsContexts tls)
    {
        bool serversChange = tls.Server?.Fingerprint != _tls.Server?.Fingerprint;
        _tls = tls;
        ApplyLogSettings(config);
        _registry.Apply(config);
        if (serversChange)
        {
            // Servers that are open may be less secure than what is asked for now.
            _control.Reconnect(null);
        }
    }

    private void ApplyLogSettings(TiggerConfig config)
    {
        _log.MinimumLevel = config.Verbose switch
        {
            0 => LogLevel.Information,
            1 => LogLevel.Debug,
            _ => LogLevel.Trace,
        };
        _log.Open(config.Logfile);
    }

    [LoggerMessage(7000, LogLevel.Information, "process up: Tigger {Version}, {Path}, {Loops} event loops")]
    private static partial void LogUp(ILogger logger, string version, string path, int loops);

    [LoggerMessage(7001, LogLevel.Information, "process down")]
    private static partial void LogDown(ILogger logger);

    [LoggerMessage(7002, LogLevel.Information, "reading configuration from {Path}")]
    private static partial void LogReloading(ILogger logger, string path);

    [LoggerMessage(7003, LogLevel.Warning, "{Fault}")]
    private static partial void LogFault(ILogger logger, ConfigFault fault);
}
