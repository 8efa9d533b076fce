using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Tigger.Config;

namespace Tigger.Hosting;

/// <summary>The file that names the running process. It is removed at an orderly end; one of a crash is found to be stale.</summary>
internal sealed partial class PidFile : IDisposable
{
    private const int NoSuchProcess = 3;
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string _path;

    private PidFile(string path) => _path = path;

    private static string OwnText => string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n");

    /// <summary>Removes a stale file, before anything is done that would disturb a running process.</summary>
    /// <exception cref="IOException">Another process has it, or it cannot be read or removed.</exception>
    public static void Check(string path, ILogger logger)
    {
        if (path.Length == 0 || !File.Exists(path))
        {
            return;
        }

        string text = Try("read", path, () => File.ReadAllText(path)).Trim();
        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0;

        // In a container the process has the same number after a crash as before.
        if (!isNumber || (pid != Environment.ProcessId && IsRunning(pid)))
        {
            throw new IOException($"pidfile '{path}' exists, another instance running?");
        }

        LogStale(logger);
        Try("remove stale", path, () => File.Delete(path));
    }

    /// <param name="path">Empty: none is configured.</param>
    /// <param name="isTakenOver">It may be there: that of the process before, which leaves it to us.</param>
    /// <returns>Null when none is configured.</returns>
    /// <exception cref="IOException">It cannot be written, or is there by now.</exception>
    public static PidFile? Write(string path, bool isTakenOver = false)
    {
        if (path.Length == 0)
        {
            return null;
        }

        Try("open", path, () =>
        {
            using FileStream file = new(path, new FileStreamOptions { Mode = isTakenOver ? FileMode.Create : FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Mode });
            file.Write(System.Text.Encoding.ASCII.GetBytes(OwnText));
        });
        return new PidFile(path);
    }

    public void Dispose()
    {
        try
        {
            if (File.ReadAllText(_path) == OwnText)
            {
                File.Delete(_path);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The next start will find it stale.
        }
    }

    private static bool IsRunning(int pid) => Kill(pid, 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess;

    private static void Try(string what, string path, Action action) => Try(what, path, () =>
    {
        action();
        return "";
    });

    private static string Try(string what, string path, Func<string> action)
    {
        try
        {
            return action();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"could not {what} pidfile '{path}': {FileFault.Reason(fault)}", fault);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    [LoggerMessage(7012, LogLevel.Information, "stale pidfile, removing")]
    private static partial void LogStale(ILogger logger);
}
