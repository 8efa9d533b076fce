using System.Runtime.InteropServices;
using Tigger.Privileges;

namespace Tigger.Listening;

/// <summary>The file of the Unix socket.</summary>
internal static partial class SocketFile
{
    private const uint Unchanged = uint.MaxValue;

    /// <summary>The setting <c>unix_socket_group</c>: a name or a number; empty leaves the group as it is.</summary>
    /// <exception cref="IOException">There is no such group, or this process may not give it the file.</exception>
    public static void SetGroup(string path, string name)
    {
        if (name.Length == 0)
        {
            return;
        }

        uint group = uint.TryParse(name, out uint number)
            ? number
            : Accounts.FindGroup(name) ?? throw new IOException($"could not find group '{name}'");
        if (ChangeOwner(path, Unchanged, group) < 0)
        {
            throw new IOException($"chown({path}, {group}) failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
