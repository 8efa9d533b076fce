using System.Runtime.InteropServices;

namespace Tigger.Hosting;

/// <summary>
/// A shell without job control starts what it puts into the background with SIGINT and SIGQUIT ignored, and .NET leaves ignored
/// signals alone. PgBouncer takes them nevertheless (signal(2)).
/// </summary>
internal static partial class InheritedSignals
{
    private const int Interrupt = 2;
    private const int Quit = 3;
    private const nint DefaultAction = 0;

    /// <summary>To be called before .NET looks, which it does at the first use of a signal, a console or a child process.</summary>
    public static void StopIgnoring()
    {
        _ = SetAction(Interrupt, DefaultAction);
        _ = SetAction(Quit, DefaultAction);
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetAction(int signal, nint action);
}
