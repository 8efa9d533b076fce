using Microsoft.Extensions.Logging;

namespace Tigger.Telemetry;

/// <summary>What is logged, before it is a line.</summary>
/// <param name="Level">How grave it is.</param>
/// <param name="Event">Which of the events of the code.</param>
/// <param name="Text">The message, one line.</param>
/// <param name="Fields">The values in the message by name; null: none.</param>
/// <param name="Fault">What an unexpected fault says of itself.</param>
internal readonly record struct LogEntry(
    LogLevel Level, EventId Event, string Text, IReadOnlyList<KeyValuePair<string, object?>>? Fields = null, Exception? Fault = null)
{
    /// <summary>PgBouncer's word for the level.</summary>
    public string Word => Level switch
    {
        LogLevel.Trace => "NOISE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "LOG",
        LogLevel.Warning => "WARNING",
        LogLevel.Error => "ERROR",
        _ => "FATAL",
    };

    /// <summary>The priority syslog(3) and the journal give to the level.</summary>
    public int Priority => Level switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => 6,
        _ => 7,
    };

    /// <summary>The message with what an unexpected fault says of itself.</summary>
    public string FullText => Fault is null ? Text : $"{Text} ({Fault})";
}
