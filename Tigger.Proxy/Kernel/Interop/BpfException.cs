using System.Runtime.InteropServices;

namespace Tigger.Kernel.Interop;

/// <summary>A call of libbpf or of the kernel's BPF failed, and why: the errno's text and the end of the verifier's log.</summary>
public sealed class BpfException : Exception
{
    public BpfException()
    {
    }

    public BpfException(string message)
        : base(message)
    {
    }

    public BpfException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal BpfException(string call, int error, IReadOnlyList<string>? log = null)
        : base(Describe(call, error, log ?? []))
    {
        Call = call;
        Error = error;
        Log = log ?? [];
    }

    /// <summary>The function that failed, with what it was for.</summary>
    public string Call { get; } = "";

    /// <summary>errno, positive.</summary>
    public int Error { get; }

    /// <summary>The last lines of what libbpf and the verifier said.</summary>
    public IReadOnlyList<string> Log { get; } = [];

    /// <summary>The message in one line.</summary>
    public string Summary => Message.ReplaceLineEndings(" | ");

    /// <summary>For functions that return -errno.</summary>
    internal static int Check(int result, string call, LibBpfLog? log = null) =>
        result >= 0 ? result : throw new BpfException(call, -result, log?.Tail(LogLines));

    /// <summary>For functions that return a handle and set errno.</summary>
    internal static T Check<T>(T handle, string call, LibBpfLog? log = null)
        where T : SafeHandle
    {
        if (!handle.IsInvalid)
        {
            return handle;
        }

        int error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw new BpfException(call, error, log?.Tail(LogLines));
    }

    private const int LogLines = 20;

    private static string Describe(string call, int error, IReadOnlyList<string> log)
    {
        string first = $"{call}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error})";
        return log.Count == 0 ? first : $"{first}\n  {string.Join("\n  ", log)}";
    }
}
