using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Tigger.Config;
using Tigger.Control;

namespace Tigger.Hosting;

/// <summary>
/// PgBouncer's signals: HUP reloads, TERM waits for clients (or drains them, see drain_timeout), INT waits for servers, a second of these or QUIT stops at once,
/// USR1 pauses, USR2 resumes.
/// </summary>
internal sealed partial class SignalHandlers : IDisposable
{
    // Not among .NET's names; positive numbers are the system's own.
    private const PosixSignal User1 = (PosixSignal)10;
    private const PosixSignal User2 = (PosixSignal)12;

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly PoolerControl _control;
    private readonly ILogger _logger;
    private int _stopSignals;

    public SignalHandlers(PoolerControl control, Func<IReadOnlyList<ConfigFault>> reload, ILogger logger)
    {
        _control = control;
        _logger = logger;
        On(PosixSignal.SIGHUP, "SIGHUP", () => reload());
        On(PosixSignal.SIGTERM, "SIGTERM", () => Stop(_control.TermMode));
        On(PosixSignal.SIGINT, "SIGINT", () => Stop(ShutdownMode.WaitForServers));
        On(PosixSignal.SIGQUIT, "SIGQUIT", () => Stop(ShutdownMode.Immediate));
        On(User1, "SIGUSR1", () => _ = _control.PauseAsync(null, CancellationToken.None));
        On(User2, "SIGUSR2", () =>
        {
            if (_stopSignals > 0)
            {
                LogIgnored(_logger);
            }
            else
            {
                _control.TryResume(null, out _);
            }
        });
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Stop(ShutdownMode mode) =>
        _control.Shutdown(Interlocked.Increment(ref _stopSignals) > 1 ? ShutdownMode.Immediate : mode);

    private void On(PosixSignal signal, string name, Action action) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            LogSignal(_logger, name);
            ThreadPool.QueueUserWorkItem(_ => action());
        }));

    [LoggerMessage(7020, LogLevel.Information, "got {Signal}")]
    private static partial void LogSignal(ILogger logger, string signal);

    [LoggerMessage(7021, LogLevel.Information, "got SIGUSR2 while shutting down, ignoring")]
    private static partial void LogIgnored(ILogger logger);
}
