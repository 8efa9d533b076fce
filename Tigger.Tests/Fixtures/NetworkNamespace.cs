using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tigger.Tests.Fixtures;

/// <summary>
/// Interfaces, addresses and ports apart from ours. It has no name in the file system: the kernel ends it with the last socket,
/// process and descriptor in it, so that a run that is killed leaves nothing behind.
/// </summary>
public sealed class NetworkNamespace
{
    private readonly SafeFileHandle _handle;

    private NetworkNamespace(SafeFileHandle handle) => _handle = handle;

    /// <summary>Where ip and nsenter find it while this process lives.</summary>
    public string Path => $"/proc/{Environment.ProcessId}/fd/{_handle.DangerousGetHandle()}";

    /// <summary>Makes an empty one; not even its loopback device is up.</summary>
    public static NetworkNamespace Make()
    {
        const int NewNetwork = 0x40000000;
        using var home = OfThisThread();
        Check(LibC.Unshare(NewNetwork), "unshare");
        try
        {
            return new(OfThisThread());
        }
        finally
        {
            Return(home);
        }
    }

    /// <summary>
    /// Runs something on this thread, inside: a socket made there belongs to the namespace, a process started there lives in it.
    /// Nothing may be awaited in it.
    /// </summary>
    public T Run<T>(Func<T> action)
    {
        using var home = OfThisThread();
        Check(LibC.SetNamespace(_handle, 0), "setns");
        try
        {
            return action();
        }
        finally
        {
            Return(home);
        }
    }

    // Shared for writing, or .NET would try to lock it.
    private static SafeFileHandle OfThisThread() => File.OpenHandle("/proc/thread-self/ns/net", share: FileShare.ReadWrite);

    /// <summary>A pool thread that stays abroad would make sockets for other tests there.</summary>
    private static void Return(SafeFileHandle home)
    {
        if (LibC.SetNamespace(home, 0) != 0)
            Environment.FailFast($"setns back: errno {Marshal.GetLastPInvokeError()}");
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
    }
}
