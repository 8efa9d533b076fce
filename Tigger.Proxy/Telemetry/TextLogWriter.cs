using System.Globalization;
using Microsoft.Extensions.Logging;
using Tigger.Config;

namespace Tigger.Telemetry;

/// <summary>
/// Where log lines go: standard error, <c>logfile</c> and syslog if they are wanted. Reopens the file when told to, for log
/// rotation.
/// </summary>
public sealed class TextLogWriter : ILoggerProvider
{
    private readonly Lock _lock = new();
    private readonly TextWriter _console = Console.Error;
    private readonly TimeProvider _clock;
    private StreamWriter? _file;
    private Syslog? _syslog;

    public TextLogWriter(TimeProvider clock) => _clock = clock;

    /// <summary>Lines below this level are dropped; changeable at any time (<c>verbose</c>).</summary>
    public LogLevel MinimumLevel { get; set; } = LogLevel.Information;

    /// <summary>Lines left out because the same came too often.</summary>
    public long SuppressedLines => 0;

    /// <summary>Nothing goes to standard error (-q, -d).</summary>
    public bool IsQuiet { get; init; }

    public ILogger CreateLogger(string categoryName) => new TextLogger(this);

    /// <summary>Opens the log file, or opens it again under the same name; "" = none.</summary>
    /// <exception cref="IOException">It cannot be opened; logging goes on as before.</exception>
    public void Open(string path)
    {
        StreamWriter? file = path.Length == 0 ? null : Append(path);
        lock (_lock)
        {
            _file?.Dispose();
            _file = file;
        }
    }

    /// <summary>Begins, or with null ends, to send lines to syslog.</summary>
    internal void Send(Syslog? syslog)
    {
        lock (_lock)
        {
            _syslog?.Dispose();
            _syslog = syslog;
        }
    }

    /// <summary>Writes a line as PgBouncer does: time, process, level, text.</summary>
    public void Write(LogLevel level, string text)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        string time = now.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        string line = $"{time} UTC [{Environment.ProcessId}] {Word(level)} {text}";
        lock (_lock)
        {
            if (!IsQuiet)
            {
                _console.WriteLine(line);
            }

            _file?.WriteLine(line);
            if (Syslog.Takes(level))
            {
                _syslog?.Write(level, now.ToLocalTime(), text);
            }
        }
    }

    public void Dispose()
    {
        Open("");
        Send(null);
    }

    private static StreamWriter Append(string path)
    {
        try
        {
            return new StreamWriter(path, append: true) { AutoFlush = true };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot open logfile: '{path}': {FileFault.Reason(fault)}", fault);
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "NOISE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "LOG",
        LogLevel.Warning => "WARNING",
        LogLevel.Error => "ERROR",
        _ => "FATAL",
    };
}
