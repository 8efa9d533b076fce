using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Tigger.Net;

/// <summary>Turns a failed C library call into an exception that names the call and the system's reason.</summary>
internal static class SocketFailure
{
    /// <summary>For the call that has just failed on this thread.</summary>
    public static IOException Create(string call) => Create(call, Marshal.GetLastPInvokeError());

    public static IOException Create(string call, int error) => new($"{call}: {Describe(error)}", new Win32Exception(error));

    /// <summary>The system's text for an error number, e.g. "Connection refused".</summary>
    public static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);
}
