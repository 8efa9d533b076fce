using Microsoft.Extensions.Logging;

namespace Tigger.Telemetry;

/// <summary>Makes one line of what is logged.</summary>
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

        string text = formatter(state, exception).ReplaceLineEndings(" ");
        writer.Write(new LogEntry(logLevel, eventId, text, state as IReadOnlyList<KeyValuePair<string, object?>>, exception));
    }
}
