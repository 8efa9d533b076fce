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
    private readonly bool _isJournal = Journal.HasStandardError();
    private readonly TimeProvider _clock;
    private readonly RepeatLimit _repeats;
    private StreamWriter? _file;
    private Syslog? _syslog;

    public TextLogWriter(TimeProvider clock)
    {
        _clock = clock;
        _repeats = new RepeatLimit(clock, WriteLine);
    }

    /// <summary>Lines below this level are dropped; changeable at any time (<c>verbose</c>).</summary>
    public LogLevel MinimumLevel { get; set; } = LogLevel.Information;

    /// <summary>How lines look, syslog's excepted; changeable at any time (<c>log_format</c>).</summary>
    public LogFormat Format { get; set; }

    /// <summary>Warnings and errors of a kind that are written in ten seconds; 0 = all (<c>log_repeat_limit</c>).</summary>
    public int RepeatLimit
    {
        get => _repeats.Maximum;
        set => _repeats.Maximum = value;
    }

    /// <summary>Lines left out because too many were like them.</summary>
    public long SuppressedLines => _repeats.Suppressed;

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

    /// <summary>Writes a line, unless too many were like it.</summary>
    internal void Write(in LogEntry entry)
    {
        if (_repeats.Allows(entry))
        {
            WriteLine(entry);
        }
    }

    public void Dispose()
    {
        _repeats.Dispose();
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

    private void WriteLine(LogEntry entry)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        string line = Format == LogFormat.Json ? LogLine.Json(entry, now) : LogLine.Text(entry, now);
        lock (_lock)
        {
            if (!IsQuiet)
            {
                _console.WriteLine(_isJournal ? $"<{entry.Priority}>{line}" : line);
            }

            _file?.WriteLine(line);
            if (Syslog.Takes(entry.Level))
            {
                _syslog?.Write(entry, now.ToLocalTime());
            }
        }
    }
}
