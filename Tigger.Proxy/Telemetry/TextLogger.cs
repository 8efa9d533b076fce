using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Tigger.Telemetry;

/// <summary>Writes log lines as PgBouncer does: time, process, level, text.</summary>
internal sealed class TextLogger(TextLogWriter writer) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= writer.MinimumLevel && logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        string level = logLevel switch
        {
            LogLevel.Trace => "NOISE",
            LogLevel.Debug => "DEBUG",
            LogLevel.Information => "LOG",
            LogLevel.Warning => "WARNING",
            LogLevel.Error => "ERROR",
            _ => "FATAL",
        };
        string time = writer.Clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        string text = formatter(state, exception).ReplaceLineEndings(" ");
        string fault = exception is null ? "" : $" ({exception})";
        writer.WriteLine($"{time} UTC [{Environment.ProcessId}] {level} {text}{fault}");
    }
}
