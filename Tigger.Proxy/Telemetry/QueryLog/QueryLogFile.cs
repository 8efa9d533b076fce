using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tigger.Config;

namespace Tigger.Telemetry.QueryLog;

/// <summary>
/// The file of the query log. Lines are gathered and written many at once; a file that is full is renamed and begun anew. Lines
/// that cannot be written are counted and forgotten. All but <see cref="Apply"/> and what it sets is for one thread.
/// </summary>
internal sealed partial class QueryLogFile : IDisposable
{
    private const int MostGathered = 256 * 1024;
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly ArrayBufferWriter<byte> _lines = new(2 * MostGathered);
    private readonly PoolerCounters _counters;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private volatile TiggerConfig _config = new();
    private volatile bool _isOutdated;
    private FileStream? _file;
    private int _lineCount;
    private long _failedAt;

    public QueryLogFile(PoolerCounters counters, TimeProvider clock, ILogger logger)
    {
        _counters = counters;
        _clock = clock;
        _logger = logger;
        Writer = new Utf8JsonWriter(_lines, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>There is a file to write to.</summary>
    public bool IsWanted => _config.QueryLogFile.Length > 0;

    /// <summary>Shorter transactions are not written.</summary>
    public TimeSpan MinimumDuration => _config.QueryLogMinDuration;

    /// <summary>Takes one line, between <see cref="Begin"/> and <see cref="End"/>.</summary>
    public Utf8JsonWriter Writer { get; }

    /// <summary>Puts a configuration in force. The file is opened again, as after its rotation by others. Any thread may call it.</summary>
    public void Apply(TiggerConfig config)
    {
        _config = config;
        _isOutdated = true;
    }

    public void Begin() => Writer.Reset();

    public void End()
    {
        Writer.Flush();
        _lines.Write("\n"u8);
        _lineCount++;

        // A file holds what is written at once.
        if (_lines.WrittenCount >= Math.Min(MostGathered, _config.QueryLogSize / 2))
        {
            Flush();
        }
    }

    /// <summary>Writes the lines gathered.</summary>
    public void Flush()
    {
        if (_lineCount == 0)
        {
            return;
        }

        bool isWritten = TryWrite();
        _counters.Count(isWritten ? PoolerCounter.QueryLogWritten : PoolerCounter.QueryLogLost, _lineCount);
        _lineCount = 0;
        _lines.ResetWrittenCount();
    }

    public void Dispose()
    {
        Flush();
        _file?.Dispose();
        Writer.Dispose();
    }

    private bool TryWrite()
    {
        TiggerConfig config = _config;
        if (config.QueryLogFile.Length == 0 || (_failedAt != 0 && _clock.GetElapsedTime(_failedAt) < RetryInterval))
        {
            return false;
        }

        try
        {
            Open(config).Write(_lines.WrittenSpan);
            _failedAt = 0;
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogFault(_logger, config.QueryLogFile, FileFault.Reason(fault));
            _failedAt = _clock.GetTimestamp();
            Close();
            return false;
        }
    }

    /// <summary>The file with room for the lines; if it is full, a new one.</summary>
    private FileStream Open(TiggerConfig config)
    {
        if (_isOutdated)
        {
            _isOutdated = false;
            Close();
        }

        _file ??= Append(config.QueryLogFile);

        if (_file.Length > 0 && _file.Length + _lines.WrittenCount > config.QueryLogSize)
        {
            Close();
            Rotate(config);
            _file = Append(config.QueryLogFile);
        }

        return _file;
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    private static FileStream Append(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
        UnixCreateMode = Mode,
    });

    private static void Rotate(TiggerConfig config)
    {
        string path = config.QueryLogFile;
        for (int number = config.QueryLogKeep; number > 1; number--)
        {
            if (File.Exists(Numbered(path, number - 1)))
            {
                File.Move(Numbered(path, number - 1), Numbered(path, number), overwrite: true);
            }
        }

        if (config.QueryLogKeep > 0)
        {
            File.Move(path, Numbered(path, 1), overwrite: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    private static string Numbered(string path, int number) => string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");

    [LoggerMessage(8102, LogLevel.Error, "cannot write the query log '{Path}': {Reason}")]
    private static partial void LogFault(ILogger logger, string path, string reason);
}
