using Microsoft.Extensions.Logging;

namespace Tigger.Telemetry;

/// <summary>Where log lines go: standard error, and <c>logfile</c> if there is one. Reopens the file when told to, for log rotation.</summary>
public sealed class TextLogWriter : ILoggerProvider
{
    private readonly Lock _lock = new();
    private readonly TextWriter _console = Console.Error;
    private StreamWriter? _file;
    private string _path = "";

    public TextLogWriter(TimeProvider clock) => Clock = clock;

    public TimeProvider Clock { get; }

    /// <summary>Lines below this level are dropped; changeable at any time (<c>verbose</c>).</summary>
    public LogLevel MinimumLevel { get; set; } = LogLevel.Information;

    public ILogger CreateLogger(string categoryName) => new TextLogger(this);

    /// <summary>Opens the log file, or opens it again under the same name; "" = none.</summary>
    /// <exception cref="IOException">It cannot be opened; logging goes on as before.</exception>
    public void Open(string path)
    {
        StreamWriter? file = path.Length == 0 ? null : new StreamWriter(path, append: true) { AutoFlush = true };
        lock (_lock)
        {
            _file?.Dispose();
            _file = file;
            _path = path;
        }
    }

    public void Reopen() => Open(_path);

    public void WriteLine(string line)
    {
        lock (_lock)
        {
            _console.WriteLine(line);
            _file?.WriteLine(line);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }
}
