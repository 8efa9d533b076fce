using System.Diagnostics;
using System.Runtime.InteropServices;
using Tigger.Cli;

namespace Tigger.Hosting;

/// <summary>
/// Running in the background. PgBouncer forks; a forked copy of a .NET process has one thread of many and cannot go on. So the
/// background process is the same program once more, in a session of its own. Its standard error is a pipe to the one that was
/// called, which passes on what is said there, and ends when a zero byte tells that everything is up.
/// </summary>
internal static unsafe partial class Daemon
{
    private const string Variable = "TIGGER_DAEMON";
    private const byte Up = 0;
    private const int StandardError = 2;
    private const int ReadWrite = 2;

    /// <summary>Whether this is the process in the background, or is going to be.</summary>
    public static bool IsThisProcess { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <summary>Starts the background process and waits until it is up or has failed; returns the exit code for the caller.</summary>
    public static int Start(IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Variable] = "1";
        using Process daemon = Process.Start(start)!;
        daemon.StandardInput.Close();
        using Stream said = daemon.StandardError.BaseStream;
        using Stream error = Console.OpenStandardError();
        byte[] buffer = new byte[4096];
        while (said.Read(buffer) is var count and > 0)
        {
            int end = buffer.AsSpan(0, count).IndexOf(Up);
            error.Write(buffer.AsSpan(0, end < 0 ? count : end));
            if (end >= 0)
            {
                return ExitCodes.Success;
            }
        }

        daemon.WaitForExit();
        return daemon.ExitCode;
    }

    /// <summary>Leaves the terminal. A second time, after the program has executed itself, it changes nothing.</summary>
    public static void Detach() => _ = SetSession();

    /// <summary>Lets the caller go.</summary>
    public static void ReportUp()
    {
        byte up = Up;
        _ = Write(StandardError, &up, 1);
        fixed (byte* nowhere = "/dev/null\0"u8)
        {
            int descriptor = Open(nowhere, ReadWrite);
            for (int standard = 0; standard <= StandardError; standard++)
            {
                _ = Duplicate(descriptor, standard);
            }

            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSession();

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "open")]
    private static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
