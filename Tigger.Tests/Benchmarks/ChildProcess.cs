using System.Diagnostics;

namespace Tigger.Benchmarks;

/// <summary>A server this program started: logs into a file, is stopped by its process id when disposed.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan PatienceWithStop = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private bool _disposed;

    private ChildProcess(Process process, StreamWriter log, string logFile)
    {
        _process = process;
        _log = log;
        LogFile = logFile;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string LogFile { get; }

    public static ChildProcess Start(ProcessStartInfo start, string logFile)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var log = new StreamWriter(logFile) { AutoFlush = true };
        var process = new Process { StartInfo = start };
        void Write(object sender, DataReceivedEventArgs line)
        {
            lock (log)
            {
                if (line.Data is not null && log.BaseStream.CanWrite)
                    log.WriteLine(line.Data);
            }
        }

        process.OutputDataReceived += Write;
        process.ErrorDataReceived += Write;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ChildProcess(process, log, logFile);
    }

    public string LogTail()
    {
        lock (_log)
        {
            return string.Join(Environment.NewLine, File.ReadLines(LogFile).TakeLast(15));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (!_process.HasExited)
        {
            using var patience = new CancellationTokenSource(PatienceWithStop);
            // To PostgreSQL: end the sessions and stop. To a pooler: stop once its servers are idle, which they are.
            _ = LibC.Kill(_process.Id, LibC.SigInt);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }
        }

        lock (_log)
        {
            _log.Dispose();
        }

        _process.Dispose();
    }
}
