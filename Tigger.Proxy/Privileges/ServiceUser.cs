using System.Runtime.InteropServices;

namespace Tigger.Privileges;

/// <summary>
/// The setting <c>user</c>. The C library changes the ids of all threads, and the kernel takes the capabilities of each with
/// them; what was opened before stays open.
/// </summary>
internal static partial class ServiceUser
{
    /// <summary>Becomes the user, with its groups; does nothing when this process is that user.</summary>
    /// <exception cref="IOException">There is no such user, or this process may not.</exception>
    public static void Become(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return;
        }

        (uint user, uint group) = Accounts.FindUser(name) ?? throw new IOException($"could not find user '{name}' to switch to");
        if (user == GetUser() && user == GetEffectiveUser())
        {
            return;
        }

        // They carry the id of the old user, and the new one could not remove them at the end.
        UnprivilegedRestart.RemoveRuntimeFiles();
        if (InitializeGroups(name, group) < 0 || SetGroup(group) < 0 || SetUser(user) < 0)
        {
            throw new IOException($"failed to assume identity of user '{name}': {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "getuid")]
    private static partial uint GetUser();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "initgroups", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int InitializeGroups(string name, uint group);

    [LibraryImport("libc", EntryPoint = "setgid", SetLastError = true)]
    private static partial int SetGroup(uint group);

    [LibraryImport("libc", EntryPoint = "setuid", SetLastError = true)]
    private static partial int SetUser(uint user);
}
