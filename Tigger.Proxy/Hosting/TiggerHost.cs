using Microsoft.Extensions.Logging;
using Tigger.Admin;
using Tigger.Auth;
using Tigger.Config;
using Tigger.Control;
using Tigger.Handover;
using Tigger.Hosting.Systemd;
using Tigger.Listening;
using Tigger.Net;
using Tigger.Pooling;
using Tigger.Sessions;
using Tigger.Takeover;
using Tigger.Telemetry;
using Tigger.Telemetry.Metrics;
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
    private readonly PasswordChecks _checks = new();
    private readonly ProofQueue _proofs = new();
    private readonly Lock _reload = new();
    private volatile CredentialStore _credentials;
    private readonly ServiceManager _manager;
    private volatile TlsContexts _tls;
    private readonly AdminTable _consoles;
    private readonly Observation _observation;
    private readonly TakeoverSource _takeover;
    private ListenerSet? _listeners;

    public TiggerHost(ConfigSource source, LoadedConfig loaded, TimeProvider clock)
    {
        _source = source;
        TiggerConfig config = loaded.Config;
        _credentials = loaded.Credentials;
        _tls = loaded.Tls;
        _log = new TextLogWriter(clock) { IsQuiet = source.Options.Quiet || Daemon.IsThisProcess };
        ApplyLogSettings(config);
        _logger = _log.CreateLogger("tigger");
        _manager = ServiceManager.OfThisProcess(_logger);
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
        _control = new PoolerControl(_registry, _sessions, clock, _logger, BeginStop);
        PeerTable peers = new(_registry, connector, _logger);
        StatsSampler sampler = new(_registry, _sessions, clock, _logger);
        _takeover = new TakeoverSource(_control, user => _credentials.ClientKeyOf(user))
        {
            TakeListeners = () => _listeners?.Release() ?? [],
            RestoreListeners = listeners => _listeners = ListenerSet.Open(_registry.Config, listeners, _loops, _services!, _kernel),
            Restore = (client, descriptors) => _ = new TakeoverIntake(_services!, _loops).AcceptAsync(
                client, descriptors[0], descriptors.Length > 1 ? descriptors[1] : null, () => Task.FromResult(true)),
            Logins = () => _sessions.LoginCount - _consoles!.Count,
            Followed = _manager.FollowedBy,
        };
        AdminContext admin = new(_control, _registry, _sessions, sampler, clock, _logger)
        {
            Reload = Reload,
            Apply = ApplySet,
            Peers = peers,
            UserNames = () => _credentials.Secrets.Keys,
            Listeners = () => _listeners?.All ?? [],
            TakeOver = _takeover.RunAsync,
            TakeOverAnswered = _takeover.AnsweredAsync,
        };
        _consoles = admin.Admins;
        CancelRouter cancels = new(_sessions, connector, peers, admin.Admins.TryCancel, _registry.Counters, _logger);
        _services = new SessionServices(_registry, _sessions, cancels, clock, _logger)
        {
            Credentials = () => _credentials,
            Users = new UserLookup(_registry, () => _credentials, _logger),
            Checks = _checks,
            Proofs = _proofs,
            Tls = () => _tls,
            ServeAdmin = (client, user, level, cancellation) =>
                new AdminSession(admin, client, user, level).RunAsync(cancellation),
        };
        _janitor = new Janitor(_registry, _sessions, sampler, clock, _logger);
        _observation = new Observation(new MetricSources(_registry, _sessions, sampler) { SuppressedLines = () => _log.SuppressedLines }, admin, DataPath, _logger);
    }

    /// <summary>Which data path is active and why, in a few words.</summary>
    public string DataPath { get; }

    /// <summary>Starts, serves until told to stop by signal or console, and stops.</summary>
    /// <exception cref="IOException">An address to listen on cannot be had, or another process has the pidfile.</exception>
    public async Task RunAsync(Action<TiggerHost>? started = null)
    {
        _loops.Start();
        using OldProcess? old = _source.Options.Reboot ? await OnlineRestart.FindAsync(_registry.Config, _loops, _logger) : null;
        IReadOnlyList<(ListenEndpoint Endpoint, int Descriptor)> inherited;
        if (old is null)
        {
            PidFile.Check(_registry.Config.Pidfile, _logger);
            inherited = SocketActivation.TakeSockets();
            WarnOfIgnored(_registry.Config, inherited.Count);
        }
        else
        {
            inherited = await old.TakeListenersAsync();
        }

        _listeners = ListenerSet.Open(_registry.Config, inherited, _loops, _services, _kernel);
        using PidFile? pidFile = PidFile.Write(_registry.Config.Pidfile, isTakenOver: old is not null);
        using Watchdog? watchdog = Watchdog.OfThisProcess(_loops, _manager);
        using SignalHandlers signals = new(_control, Reload, _logger);
        _janitor.Start();
        await _observation.StartAsync(isTakenOver: old is not null);
        DescriptorLimit.Check(_registry.Config, _logger);
        LogUp(_logger, ProductVersion.Text, DataPath, _loops.Count);
        _manager.Ready();
        started?.Invoke(this);
        _ = old?.TakeClientsAsync(new TakeoverIntake(_services, _loops));
        await _control.Stopped;
        LogDown(_logger);
    }

    /// <summary>Reads the configuration again and puts it in force; with an error in it nothing changes.</summary>
    public IReadOnlyList<ConfigFault> Reload()
    {
        lock (_reload)
        {
            _manager.Reloading();
            TiggerConfig running = _registry.Config;
            ConfigSource source = _source with { Path = running.Conffile ?? _source.Path };
            LogReloading(_logger, source.Path);
            if (source.Load(out IReadOnlyList<ConfigFault> faults, isReload: true) is { } loaded)
            {
                loaded.Credentials.LearnFrom(_credentials);
                _credentials = loaded.Credentials;
                Apply(SettingsTable.KeepFixed(running, loaded.Config), loaded.Tls);
                _registry.Counters.Count(PoolerCounter.ReloadSucceeded);
            }
            else
            {
                _registry.Counters.Count(PoolerCounter.ReloadRefused);
                Apply(running, _tls);
            }

            Report(faults);

            // Also after one that failed: it serves as before.
            _manager.Ready();
            return faults;
        }
    }

    /// <summary>Logs what is wrong with the configuration.</summary>
    public void Report(IEnumerable<ConfigFault> faults)
    {
        foreach (ConfigFault fault in faults)
        {
            LogFault(_logger, fault);
        }
    }

    public void Dispose()
    {
        _listeners?.Dispose();
        _kernel?.Mirrors.CatchUp();
        _registry.Observers.Dispose();
        _observation.Dispose();
        _janitor.Dispose();
        _loops.Dispose();
        _takeover.Dispose();
        _checks.Dispose();
        _proofs.Dispose();
        _kernel?.Dispose();
        _manager.Dispose();
        _log.Dispose();
    }

    private void BeginStop()
    {
        _manager.Stopping();
        _listeners?.StopTcp();
    }

    private void WarnOfIgnored(TiggerConfig config, int inherited)
    {
        if (inherited > 0 && config.ListenAddr.Count > 0)
        {
            LogIgnored(_logger, "listen_addr");
        }

        if (inherited > 0 && config.UnixSocketDir is not ("" or TiggerConfig.DefaultUnixSocketDir))
        {
            LogIgnored(_logger, "unix_socket_dir");
        }
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
        try
        {
            ApplyLogSettings(config);
        }
        catch (IOException fault)
        {
            // PgBouncer ends here; clients have nothing to do with the log.
            LogFileFault(_logger, fault.Message);
        }

        _registry.Apply(config);
        _listeners?.Apply(config);
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
        _log.Format = config.LogFormat;
        _log.RepeatLimit = config.LogRepeatLimit;
        _log.Send(config.Syslog ? new Syslog(config.SyslogIdent, config.SyslogFacility) : null);
        _log.Open(config.Logfile);
    }

    [LoggerMessage(7000, LogLevel.Information, "process up: Tigger {Version}, {Path}, {Loops} event loops")]
    private static partial void LogUp(ILogger logger, string version, string path, int loops);

    [LoggerMessage(7001, LogLevel.Information, "process down")]
    private static partial void LogDown(ILogger logger);

    [LoggerMessage(7002, LogLevel.Information, "reading configuration from {Path}")]
    private static partial void LogReloading(ILogger logger, string path);

    [LoggerMessage(7006, LogLevel.Warning, "sockets passed from service manager, {Setting} ignored")]
    private static partial void LogIgnored(ILogger logger, string setting);

    [LoggerMessage(7005, LogLevel.Error, "{Fault}; logging goes on as before")]
    private static partial void LogFileFault(ILogger logger, string fault);

    [LoggerMessage(7003, LogLevel.Warning, "{Fault}")]
    private static partial void LogFault(ILogger logger, ConfigFault fault);
}
